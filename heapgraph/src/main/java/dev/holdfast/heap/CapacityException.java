package dev.holdfast.heap;

import dev.holdfast.dump.InsufficientResourcesException;

/** The work needs more memory, disk or numbers than there are; leaves the package as {@link InsufficientResourcesException}. */
final class CapacityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    CapacityException(String message) {
        super(message);
    }

    /** Creates the exception with what the system said. */
    CapacityException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same as the library's callers know it. */
    InsufficientResourcesException asInsufficientResources() {
        InsufficientResourcesException exception = new InsufficientResourcesException(String.valueOf(getMessage()));
        exception.initCause(this);
        return exception;
    }
}

package dev.holdfast.heap;

/** The work needs more memory, disk or numbers than there are; the message says how much of what. */
public final class CapacityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public CapacityException(String message) {
        super(message);
    }

    /** Creates the exception with what the system said. */
    public CapacityException(String message, Throwable cause) {
        super(message, cause);
    }
}

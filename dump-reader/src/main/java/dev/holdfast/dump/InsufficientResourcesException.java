package dev.holdfast.dump;

import java.io.IOException;

/** Memory or disk does not suffice and the work was refused before it could thrash; the message has the numbers. */
public final class InsufficientResourcesException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public InsufficientResourcesException(String message) {
        super(message);
    }
}

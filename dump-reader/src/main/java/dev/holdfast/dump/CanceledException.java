package dev.holdfast.dump;

/** The caller cancelled the work through its {@link Progress}; never wrapped into a failure. */
public final class CanceledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public CanceledException() {
        super("cancelled");
    }
}

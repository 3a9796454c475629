package dev.holdfast.cli;

/** Whether the user pressed Ctrl-C; thread-safe. */
final class Interruption {
    private volatile boolean requested;

    void request() {
        requested = true;
    }

    boolean requested() {
        return requested;
    }
}

package dev.holdfast.cli;

/** The exit codes of every command; scripts rely on them (docs/cli.md). */
enum ExitCode {
    /** All that was asked for was done. */
    DONE(0, "done"),
    /** Something failed that should not: a bug in Holdfast. */
    BUG(1, "a bug in holdfast"),
    /** The command line is wrong. */
    USAGE(2, "wrong usage"),
    /** The dump cannot be read. */
    UNREADABLE(3, "the dump cannot be read"),
    /** Done, but bytes or records were unread or contradictory, roots were lost, or an identity does not hold. */
    LOSSES(4, "done, with losses (see the warnings)"),
    /** A gate that the caller set was not passed. */
    GATE_FAILED(5, "a gate failed"),
    /** The machine refused memory, disk or permission. */
    REFUSED(6, "memory, disk or permission refused"),
    /** Ctrl-C. */
    INTERRUPTED(130, "interrupted");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }
}

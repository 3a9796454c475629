package dev.holdfast.dump;

import java.io.IOException;

/** Something was asked of a heap that was reopened without its dump, and only the dump has it. */
public final class DumpNeededException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception; its message says what to do.
     *
     * @param index the index that was reopened
     * @param what what was asked for
     */
    public DumpNeededException(String index, String what) {
        super(index + ": the index does not have " + what + "; name the dump too");
    }
}

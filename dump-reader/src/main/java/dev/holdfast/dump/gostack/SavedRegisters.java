package dev.holdfast.dump.gostack;

/**
 * Where {@code runtime.asyncPreempt} keeps the registers of the code that a signal stopped.
 *
 * <p>The same from Go 1.18 to 1.27: general registers first, from the lowest address of its frame.
 */
final class SavedRegisters {
    /** The first 14 words on amd64, by DWARF numbers: AX, CX, DX, BX, SI, DI, R8 to R15. */
    private static final int[] AMD64 = {0, 2, 1, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15};

    /** On arm64 R30, then R0 to R17 and R19 to R26. */
    private static final int ARM64_WORDS = 27;

    private static final int WORD = 8;

    private SavedRegisters() {}

    /** Number of the register that a frame keeps at an address, or -1. */
    static int at(GoFrame frame, long address, boolean linkRegister) {
        if (!frame.function().name().equals("runtime.asyncPreempt")) {
            return -1;
        }
        long index = (address - frame.sp()) / WORD;
        if (index < 0 || index >= (linkRegister ? ARM64_WORDS : AMD64.length)) {
            return -1;
        }
        if (!linkRegister) {
            return AMD64[(int) index];
        }
        if (index == 0) {
            return 30;
        }
        return (int) (index <= 18 ? index - 1 : index);
    }
}

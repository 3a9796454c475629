package dev.holdfast.dump.dwarf;

/**
 * What the debugging information says is impossible.
 *
 * <p>Never leaves the package: whoever answers a question turns it into a warning and an answer that says less. Without a
 * stack trace, for a forged file throws many.
 */
final class DamagedDwarfException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedDwarfException(String message) {
        super(message, null, false, false);
    }
}

package dev.holdfast.dump.dwarf;

/**
 * What the debugging information says is impossible.
 *
 * <p>Never leaves the package: whoever answers a question turns it into a warning and an answer that says less. Without a
 * stack trace, for a forged file throws many.
 */
final class DamagedDwarfException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean costly;

    DamagedDwarfException(String message) {
        this(message, false);
    }

    /**
     * Damage of a kind.
     *
     * @param costly whether it was noticed only after much work
     */
    DamagedDwarfException(String message, boolean costly) {
        super(message, null, false, false);
        this.costly = costly;
    }

    boolean costly() {
        return costly;
    }
}

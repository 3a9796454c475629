package dev.holdfast.dump.dwarf;

/** How much one answer may cost: ranges of blocks multiply with variables, so a small forged file could ask for any memory. */
final class Budget {
    private long left;

    Budget(long most) {
        this.left = most;
    }

    void take(long amount) {
        left -= amount;
        if (left < 0) {
            throw new DamagedDwarfException("an entry has too many parts", true);
        }
    }
}

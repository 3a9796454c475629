package dev.holdfast.dump.gostack;

/** Receives what the collector would scan in a goroutine: first what no frame holds, then frame by frame, leaf first. */
public interface RootSlots {
    /** The frame to which the slots that follow belong. */
    void frame(GoFrame frame);

    /**
     * A word that is not 0 and points outside of the goroutine's stack.
     *
     * @param address of the word
     * @param value of the word
     * @param conservative whether it may be no pointer: it counts only if it leads to an allocated object
     */
    void slot(long address, long value, boolean conservative);

    /**
     * A register of the frame, of the thread that was running the goroutine or saved when a signal stopped it; conservative.
     *
     * @param number as DWARF numbers registers
     * @param value that it held
     */
    void register(int number, long value);
}

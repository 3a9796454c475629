package dev.holdfast.dump;

/**
 * Stack memory that no live goroutine stands on, of one kind.
 *
 * @param kind what it serves
 * @param counted whether it is part of {@link StackMemory#recordedBytes}; else the operating system or C made it
 * @param count how many stacks or free places
 * @param bytes of all of them
 */
public record StackArea(Kind kind, boolean counted, long count, long bytes) {
    /** What stack memory serves that is no goroutine's. */
    public enum Kind {
        /** The stack on which a thread of the runtime schedules and collects, {@code g0}. */
        SYSTEM("g0"),
        /** The stack on which a thread handles signals, {@code gsignal}. */
        SIGNAL("gsignal"),
        /** Kept for the moment when the program crashes, {@code gcrash}. */
        CRASH("gcrash"),
        /** Kept with a goroutine that has ended, for the next one. */
        DEAD("dead"),
        /** Free places in spans of small stacks. */
        POOL("pool"),
        /** Free places that a processor keeps for itself. */
        CACHE("cache"),
        /** Large free stacks, kept until the collection ends. */
        LARGE("large");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As output names it. */
        public String label() {
            return label;
        }
    }
}

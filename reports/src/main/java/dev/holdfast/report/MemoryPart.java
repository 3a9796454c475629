package dev.holdfast.report;

/**
 * A part of what {@link MemoryAccount} adds up.
 *
 * @param name for programs, in snake_case
 * @param label for people
 * @param bytes how much
 * @param objects how many objects it is, or -1 where it is none
 * @param kind what the bar shows it as
 * @param explanation what it is and what could be done about it, a sentence
 */
record MemoryPart(String name, String label, long bytes, long objects, Kind kind, String explanation) {
    /** Parts of one kind have one colour. */
    enum Kind {
        /** In use by the program. */
        LIVE,
        /** In use, but the collector may take it when memory is short. */
        SOFT,
        /** Not in use any more. */
        DEAD,
        /** Set aside, empty. */
        FREE,
        /** Stacks of threads and goroutines. */
        STACK,
        /** The runtime's own. */
        RUNTIME,
        /** Known to the runtime, but no memory of the process any more. */
        RETURNED;

        /** As style sheets and programs name it. */
        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}

package dev.holdfast.roots;

/** Why an object of a dump is reachable from no root. */
public enum UnreachableReason {
    /** Nothing uses it; it waits for the collector. */
    GARBAGE("(garbage)"),
    /** The collector put it into a gap so that the heap can be walked. */
    HEAP_FILLER("(heap filler)"),
    /** In truth a field of a {@code java.lang.Class} reaches it, which HotSpot does not dump. */
    LOST_CLASS_FIELD("(lost class field)");

    private final String label;

    UnreachableReason(String label) {
        this.label = label;
    }

    /** The word used in output. */
    public String label() {
        return label;
    }
}

package dev.holdfast.roots;

/** Why an object of a dump is reachable from no root. */
public enum UnreachableReason {
    /** Nothing uses it; it waits for the collector. */
    GARBAGE("(garbage)"),
    /** The collector put it into a gap so that the heap can be walked. */
    HEAP_FILLER("(heap filler)"),
    /** In truth a field of a {@code java.lang.Class} reaches it; HotSpot does not dump those fields. */
    LOST_CLASS_FIELD("(lost class field)"),
    /**
     * In truth a root reaches it that HotSpot does not dump: of a thread that it hides, or of the class loader that keeps
     * its classes.
     */
    ROOT_LOST("(root lost)");

    private final String label;

    UnreachableReason(String label) {
        this.label = label;
    }

    /** The word used in output. */
    public String label() {
        return label;
    }
}

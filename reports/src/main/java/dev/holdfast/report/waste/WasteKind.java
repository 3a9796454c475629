package dev.holdfast.report.waste;

/**
 * Kinds of waste. No byte belongs to two of them: each has the objects of its own kind, and of an object that two could
 * claim the rule says which does.
 */
public enum WasteKind {
    /** Arrays of strings with contents that another string has in an array of its own. */
    DUPLICATE_TEXT(
            "duplicate string contents",
            "Of equal strings the arrays (Go: the bytes at addresses of their own) but one, that of the lowest address:"
                    + " what sharing one would save. Equal: same length, encoding and 64-bit digest."),
    /** Strings that are equal to another. */
    DUPLICATE_STRING(
            "duplicate strings",
            "Java: of equal strings all String objects but one, without their arrays: what interning would save"
                    + " besides."),
    /** Boxed numbers equal to another. */
    DUPLICATE_NUMBER(
            "duplicate boxed numbers",
            "Of boxed numbers (Go: numbers in interfaces) of one type and value all but one, caches included."),
    /** Collections without elements. */
    EMPTY_COLLECTION(
            "empty collections",
            "Collections and maps without elements: the object, of a set also the map within, and the array or buckets"
                    + " that it alone holds."),
    /** Collections in arrays of at least twice the length that is enough. */
    SPARSE_COLLECTION(
            "sparse collections",
            "Arrays of collections, maps, slices and buffers that could have at most half the length: what the shortest one"
                    + " that is enough (of hash tables at the usual load factor) would save."),
    /** Collections in arrays longer than enough. */
    SPARE_CAPACITY(
            "spare capacity",
            "The same where the shortest array that is enough has more than half the length: room to grow."),
    /** Arrays in which most references are null. */
    NULL_ARRAY(
            "arrays mostly of nulls",
            "Java: arrays of references with more nulls than objects, but for those of the collections above: what the nulls"
                    + " take."),
    /** Places of channels and bounded queues that hold nothing. */
    UNUSED_BUFFER("unused queue places", "Places of bounded queues and channels that hold nothing at this moment."),
    /** Arrays of which slices and strings show at most half. */
    PINNED_ARRAY(
            "pinned arrays",
            "Go: objects of which all slices and strings, capacities included, reach at most half: what they do not show.");

    private final String label;
    private final String rule;

    WasteKind(String label, String rule) {
        this.label = label;
        this.rule = rule;
    }

    /** What it is called in tables and frames. */
    public String label() {
        return label;
    }

    /** How it is counted, in a sentence or two. */
    public String rule() {
        return rule;
    }
}

package dev.holdfast.dump.goruntime;

/** Where the runtime records which words of a slot are pointers. */
public enum PointerKind {
    /** Nowhere: the objects have none. */
    NONE,
    /** Two bits a word in the arena's bitmap: pointer, and whether more follow (up to Go 1.19). */
    ARENA_TWO_BITS,
    /** One bit a word in the arena's bitmap (Go 1.20 and 1.21). */
    ARENA_ONE_BIT,
    /** One bit a word at the end of the span (small objects since Go 1.22). */
    SPAN_END,
    /** One bit a word at the end of the span, before the collector's marks (Green Tea). */
    SPAN_END_BEFORE_MARKS,
    /** In the type whose address stands before the object (larger objects since Go 1.22). */
    HEADER,
    /** In the type of the span's only object (since Go 1.22). */
    LARGE_TYPE
}

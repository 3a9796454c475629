package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.goruntime.SpanTable;
import java.util.List;

/**
 * The type of the object in each slot of the heap; immutable and thread-safe, 4 bytes a slot.
 *
 * <p>Types are numbered by name, 0 is the unknown type, so that two runs number alike.
 */
public final class HeapTypes {
    static final int EVIDENCE_SHIFT = 29;
    static final int TYPE = (1 << EVIDENCE_SHIFT) - 1;

    private final GoTypes types;
    private final SpanTable spans;
    private final List<HeapType> list;
    private final int[] column;
    private final int[] number;
    private final long[] byRank;

    /**
     * Takes ownership of the arrays.
     *
     * @param column evidence and a number of a type for each slot
     * @param number place in the list, by that number
     */
    HeapTypes(GoTypes types, SpanTable spans, List<HeapType> list, int[] column, int[] number, long[] byRank) {
        this.types = types;
        this.spans = spans;
        this.list = List.copyOf(list);
        this.column = column;
        this.number = number;
        this.byRank = byRank;
    }

    /** All types that objects have; the unknown type first. */
    public List<HeapType> list() {
        return list;
    }

    /** Number in {@link #list} of the type of a slot's object, 0 if it is not known. */
    public int type(int slot) {
        return number[column[slot] & TYPE];
    }

    /** How the type of a slot's object is known. */
    public Evidence evidence(int slot) {
        int evidence = column[slot] >>> EVIDENCE_SHIFT;
        return evidence == 2 ? Evidence.EXACT : evidence == 1 ? Evidence.INFERRED : Evidence.NONE;
    }

    /** Elements of a slot's object, as many as its slot can hold; those of a declared array; 0 of a single value. */
    public long elements(int slot, int span) {
        HeapType type = list.get(type(slot));
        GoKind kind = type.type().kind();
        if (type.slice() || kind == GoKind.TEXT) {
            long size = type.type().size();
            return size <= 0 ? 0 : (spans.elementSize(span) - spans.header(span)) / size;
        }
        return kind == GoKind.ARRAY ? type.type().length() : 0;
    }

    /** The field at an offset in objects of a type: {@code next}, {@code []}, {@code [].head.mu}; empty if unknown. */
    public String path(int type, long offset) {
        return FieldPaths.path(types, list.get(type), offset);
    }

    /** How many objects a declared type only begins, with more behind it: their type is not known. */
    public long partial() {
        return byRank[Claims.PARTIAL] + byRank[Claims.PARTIAL_LATE];
    }

    /** How many objects have a type only because one leads to an element that is not the first. */
    public long byElement() {
        return byRank[Claims.INTERIOR] + byRank[Claims.INTERIOR_LATE];
    }
}

package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import java.util.List;

/** Types of a Go heap's objects; immutable and thread-safe. */
final class GoObjectTypes {
    private final SpanTable spans;
    private final UntypedNames untyped;
    private final ObjectNumbers numbers;

    GoObjectTypes(GoProgram program, SpanTable spans) {
        this.spans = spans;
        this.untyped = new UntypedNames(spans);
        this.numbers = new ObjectNumbers(spans);
    }

    /** All types; index 0 is the unknown one. */
    List<DumpType> all() {
        return untyped.types();
    }

    /** Type of the object in a slot. */
    int ofSlot(int slot) {
        return untyped.ofSpan(spans.spanOfSlot(slot));
    }

    /** How the pointer at a word of an object is named: by the word, as far as a byte goes. */
    int wordSlot(int type, long word) {
        return word < ReferenceSink.UNNAMED_SLOT ? (int) word : ReferenceSink.UNNAMED_SLOT;
    }

    /** Name of the reference at an offset of an object. */
    String referenceName(int type, long offset) {
        return "+" + offset;
    }

    /** How the type of an object is known, by its place in address order. */
    Evidence evidence(int object) {
        return numbers.slot(object) < 0 ? Evidence.EXACT : Evidence.NONE;
    }

    /** The object in a slot. */
    RecordedObject read(int slot, long address) {
        return new RecordedObject(address, ofSlot(slot), 0, List.of(), -1);
    }

    /** Elements of the array in a slot. */
    long[] readElements(int slot, long address, long from, int count) {
        return new long[0];
    }
}

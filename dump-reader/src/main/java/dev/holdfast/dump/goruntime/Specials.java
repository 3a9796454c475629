package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The records that the runtime hangs on single objects: finalizers, cleanups, weak handles, samples of the memory profile.
 *
 * <p>Each span has a list of them in ascending order of offset, then kind. They lie outside the heap. Immutable and
 * thread-safe; costs nothing per record.
 */
public final class Specials {
    /** What a record is for. */
    public enum Kind {
        /** The object is a block of several tiny values (for the runtime's own diagnostics). */
        TINY_BLOCK("TinyBlock"),
        /** A function to call with the object before it is freed. */
        FINALIZER("Finalizer"),
        /** The cell that weak pointers to the object point to. */
        WEAK_HANDLE("WeakHandle"),
        /** The object was sampled by the memory profile. */
        PROFILE("Profile"),
        /** For the runtime's own tests. */
        REACHABLE("Reachable"),
        /** The object is pinned more than once. */
        PIN_COUNTER("PinCounter"),
        /** A function to call after the object was freed. */
        CLEANUP("Cleanup"),
        /** Where a finalizer or cleanup was made (for the runtime's own diagnostics). */
        CHECK_FINALIZER("CheckFinalizer"),
        /** The object belongs to a bubble of {@code testing/synctest}. */
        BUBBLE("Bubble"),
        /** The object must be wiped when it is freed. */
        SECRET("Secret"),
        /** Something that this program does not know. */
        UNKNOWN("");

        private final String constant;

        Kind(String constant) {
            this.constant = constant;
        }
    }

    /** Receives the records of a span. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A record.
         *
         * @param kind what it is for
         * @param span the object's span
         * @param element which of the span's slots has the object; its address is {@link SpanTable#objectAddress}
         * @param record address of the record itself
         */
        void special(Kind kind, int span, int element, long record);
    }

    /** Receives pointers that records hold. */
    @FunctionalInterface
    public interface PointerVisitor {
        /**
         * A pointer, perhaps into the heap; never 0.
         *
         * @param field the runtime's name for it, such as {@code fn}
         * @param address where it lies, outside the heap
         * @param target what it points to
         */
        void pointer(String field, long address, long target);
    }

    private static final Kind[] BEFORE_1_23 = {
        Kind.UNKNOWN, Kind.FINALIZER, Kind.PROFILE, Kind.REACHABLE, Kind.PIN_COUNTER
    };
    private static final Kind[] BEFORE_1_25 = {
        Kind.UNKNOWN, Kind.FINALIZER, Kind.WEAK_HANDLE, Kind.PROFILE, Kind.REACHABLE, Kind.PIN_COUNTER, Kind.CLEANUP
    };
    private static final Kind[] SINCE_1_25 = {
        Kind.UNKNOWN,
        Kind.TINY_BLOCK,
        Kind.FINALIZER,
        Kind.WEAK_HANDLE,
        Kind.PROFILE,
        Kind.REACHABLE,
        Kind.PIN_COUNTER,
        Kind.CLEANUP,
        Kind.CHECK_FINALIZER,
        Kind.BUBBLE,
        Kind.SECRET
    };

    private final GoProgram program;
    private final Kind[] kinds;
    private final int next;
    private final int offset;
    private final int offsetWidth;
    private final int kind;
    private final List<PointerField> finalizer;
    private final List<PointerField> cleanup;
    private final List<PointerField> weakHandle;
    private final int bucket;

    /**
     * Of a program.
     *
     * @throws UnknownLayoutException if it does not say how the records look
     */
    public Specials(GoProgram program) {
        this.program = program;
        RuntimeLayout layout = program.layout();
        StructLayout special = layout.struct("runtime.special");
        next = special.offset("next");
        offset = special.offset("offset");
        offsetWidth = special.width("offset");
        kind = special.offset("kind");
        finalizer = PointerField.of(layout.struct("runtime.specialfinalizer"), "fn", "fint", "ot");
        cleanup = layout.hasStruct("runtime.specialCleanup")
                ? PointerField.of(
                        layout.struct("runtime.specialCleanup"), "fn", "cleanup.call", "cleanup.fn", "cleanup.arg")
                : List.of();
        weakHandle = layout.hasStruct("runtime.specialWeakHandle")
                ? PointerField.of(layout.struct("runtime.specialWeakHandle"), "handle")
                : List.of();
        bucket = layout.struct("runtime.specialprofile").offset("b");
        kinds = kinds(program);
    }

    /** Numbers of the kinds: by the program's constants, where it records them, over those of its release. */
    private static Kind[] kinds(GoProgram program) {
        Kind[] kinds = new Kind[256];
        Kind[] release =
                program.version().atLeast(25) ? SINCE_1_25 : program.version().atLeast(23) ? BEFORE_1_25 : BEFORE_1_23;
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = i < release.length ? release[i] : Kind.UNKNOWN;
        }
        for (Kind kind : Kind.values()) {
            OptionalLong number = program.layout().constant("runtime._KindSpecial" + kind.constant);
            if (kind != Kind.UNKNOWN && number.isPresent() && number.getAsLong() > 0 && number.getAsLong() < 256) {
                int at = (int) number.getAsLong();
                if (kinds[at] != kind) {
                    for (int i = 0; i < kinds.length; i++) {
                        kinds[i] = kinds[i] == kind ? Kind.UNKNOWN : kinds[i];
                    }
                    kinds[at] = kind;
                }
            }
        }
        return kinds;
    }

    /** Visits the records of all spans in address order. */
    public void visit(MemoryReader reader, SpanTable spans, Visitor visitor) {
        for (int span = 0; span < spans.count(); span++) {
            visit(reader, spans, span, visitor);
        }
    }

    /**
     * Visits the records of a span in the runtime's order.
     *
     * <p>A list that is damaged or whose memory is missing ends where that shows, and is counted as a loss.
     */
    public void visit(MemoryReader reader, SpanTable spans, int span, Visitor visitor) {
        long record = spans.specials(span);
        long order = -1;
        // The list is sorted. Only a cycle among records of one kind on one object (cleanups) would keep to the order:
        // Brent's detection finds it.
        long mark = 0;
        long steps = 0;
        long limit = 2;
        try {
            while (record != 0) {
                long at = reader.unsigned(record + offset, offsetWidth);
                int number = reader.u8(record + kind);
                long key = at << 8 | number;
                if (at < 0 || at >= spans.bytes(span) || key < order || record == mark) {
                    damaged(record);
                    return;
                }
                order = key;
                if (++steps == limit) {
                    mark = record;
                    limit *= 2;
                }
                int element = spans.elementAt(span, spans.base(span) + at);
                if (element < 0) {
                    damaged(record);
                    return;
                }
                visitor.special(kinds[number], span, element, record);
                record = reader.word(record + next);
            }
        } catch (MissingMemoryException e) {
            damaged(e.address());
        }
    }

    private void damaged(long address) {
        program.warnings()
                .loss(
                        "specials-damaged",
                        address,
                        "lists of finalizers, weak handles and profile samples break off",
                        1);
    }

    /**
     * Visits the pointers of a record that the collector follows or that can lead into the heap: of a finalizer {@code fn},
     * {@code fint}, {@code ot}; of a cleanup {@code fn} and since Go 1.26 {@code call} and {@code arg}; of a weak handle its
     * cell.
     */
    public void pointers(MemoryReader reader, Kind of, long record, PointerVisitor visitor) {
        for (PointerField field : pointerFields(of)) {
            long at = record + field.offset();
            long target = reader.word(at);
            if (target != 0) {
                visitor.pointer(field.name(), at, target);
            }
        }
    }

    private List<PointerField> pointerFields(Kind of) {
        switch (of) {
            case FINALIZER:
                return finalizer;
            case CLEANUP:
                return cleanup;
            case WEAK_HANDLE:
                return weakHandle;
            default:
                return List.of();
        }
    }

    /** The bucket of the memory profile that a record of kind {@link Kind#PROFILE} leads to. */
    public long bucket(MemoryReader reader, long record) {
        return reader.word(record + bucket);
    }
}

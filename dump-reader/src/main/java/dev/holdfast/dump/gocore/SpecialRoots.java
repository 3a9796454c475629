package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.Specials;
import dev.holdfast.dump.goruntime.TypeMasks;
import org.jspecify.annotations.Nullable;

/**
 * What finalizers, cleanups and weak handles add to the graph: an edge from their object to what they need, which is a root
 * of its own only while the object is unreachable otherwise.
 *
 * <p>A finalizer needs all that its object refers to, but not the object itself.
 */
final class SpecialRoots {
    private final GoProgram program;
    private final SpanTable spans;
    private final DumpRoots.Builder roots;
    private final HeapPointers bits;
    private final MemoryReader reader;

    SpecialRoots(GoProgram program, SpanTable spans, TypeMasks masks, DumpRoots.Builder roots) {
        this.program = program;
        this.spans = spans;
        this.roots = roots;
        this.bits = new HeapPointers(program, spans, masks);
        this.reader = program.reader();
    }

    void add() {
        Specials specials = new Specials(program);
        specials.visit(reader, spans, (kind, span, element, record) -> {
            RootKind root = kind(kind);
            if (root != null && spans.allocated(spans.firstSlot(span) + element)) {
                one(specials, kind, root, span, element, record);
            }
        });
    }

    private static @Nullable RootKind kind(Specials.Kind kind) {
        return switch (kind) {
            case FINALIZER -> RootKind.FINALIZER;
            case CLEANUP -> RootKind.CLEANUP;
            case WEAK_HANDLE -> RootKind.RUNTIME;
            default -> null;
        };
    }

    private void one(Specials specials, Specials.Kind kind, RootKind root, int span, int element, long record) {
        long object = spans.objectAddress(span, element);
        specials.pointers(reader, kind, record, (field, at, target) -> {
            long needed = spans.objectAt(target);
            if (needed != 0) {
                roots.owned(object, needed);
                roots.conditional(new ConditionalRoot(root, object, needed));
            }
        });
        if (kind == Specials.Kind.FINALIZER) {
            referents(root, object, span, element);
        }
    }

    private void referents(RootKind root, long object, int span, int element) {
        try {
            bits.visit(span, element, (word, pointer) -> {
                long target = spans.objectAt(pointer);
                if (target != 0) {
                    roots.conditional(new ConditionalRoot(root, object, target));
                }
                return true;
            });
        } catch (MissingMemoryException e) {
            program.warnings()
                    .loss("special-unreadable", e.address(), "objects with a finalizer are not in the core", 1);
        }
    }
}

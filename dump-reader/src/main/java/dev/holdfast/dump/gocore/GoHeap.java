package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;

/**
 * What is known of a heap beyond its slots; immutable.
 *
 * @param roots what the collector starts from, and the goroutines
 * @param types of the objects
 * @param records the runtime's own records
 */
record GoHeap(GoRoots roots, GoObjectTypes types, GoRecords records) {
    static GoHeap read(GoProgram program, DumpOptions options, SpanTable spans, TypeMasks masks) {
        GoRoots roots = GoRoots.read(program, spans, masks);
        return new GoHeap(roots, new GoObjectTypes(program, spans), new GoRecords(program, options, spans));
    }
}

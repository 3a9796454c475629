package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.HeapTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.IOException;

/**
 * What is known of a heap beyond its slots; immutable.
 *
 * @param roots what the collector starts from, and the goroutines
 * @param types of the objects
 * @param records the runtime's own records
 */
record GoHeap(GoRoots roots, GoObjectTypes types, GoRecords records) {
    static GoHeap read(GoProgram program, DumpOptions options, SpanTable spans, TypeMasks masks, Progress progress)
            throws IOException {
        FunctionTable functions = program.functions();
        GoTypes types = new GoTypes(program);
        TypePropagation propagation = new TypePropagation(program, spans, types, functions, options.threads());
        TypeRoots typed = new TypeRoots(program, types, propagation);
        typed.variables();
        typed.specials(spans, functions);
        GoRoots roots = GoRoots.read(program, spans, masks, functions, types, propagation);
        HeapTypes found = propagation.run(progress);
        return new GoHeap(
                roots,
                new GoObjectTypes(program, spans, types, found),
                GoRecords.read(program, spans, functions, roots, options.profileNow()));
    }
}

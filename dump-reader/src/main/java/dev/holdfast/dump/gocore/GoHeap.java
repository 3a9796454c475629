package dev.holdfast.dump.gocore;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.IOException;

/**
 * What is known of a heap before its references are read.
 *
 * @param functions of the program
 * @param roots what the collector starts from, and the goroutines
 * @param types of the program
 * @param propagation knows all that has a type and lies outside the heap, and has not begun
 */
record GoHeap(FunctionTable functions, GoRoots roots, GoTypes types, TypePropagation propagation) {
    static GoHeap read(GoProgram program, int threads, SpanTable spans, TypeMasks masks) {
        FunctionTable functions = program.functions();
        GoTypes types = new GoTypes(program);
        TypePropagation propagation = new TypePropagation(program, spans, types, functions, threads);
        TypeRoots typed = new TypeRoots(program, types, propagation);
        typed.variables();
        typed.specials(spans, functions);
        GoRoots roots = GoRoots.read(program, spans, masks, functions, types, propagation);
        return new GoHeap(functions, roots, types, propagation);
    }

    /** Finds the types of the objects; once. */
    GoObjectTypes findTypes(GoProgram program, SpanTable spans, HeapPass pass, Progress progress) throws IOException {
        return new GoObjectTypes(program, spans, types, propagation.run(progress), pass, roots);
    }
}

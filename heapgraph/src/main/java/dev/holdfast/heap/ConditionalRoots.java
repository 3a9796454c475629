package dev.holdfast.heap;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.RootKind;
import java.util.Arrays;
import java.util.List;

/**
 * Roots that count only while another object is not reachable, as nodes of the graph: what the finalizer or cleanup of an
 * unreachable object needs.
 *
 * <p>They are tried one by one in the dump's order, after everything that the roots proper reach is marked: if the source
 * is not reached by then, the target becomes a root, and all that it reaches is reached. What a later one reaches does not
 * undo an earlier one, though its source may be reached by then: the order is the dump's, so the outcome is determined,
 * and no collector could do better, as it starts all those finalizers in one cycle. Immutable; 9 bytes each.
 */
final class ConditionalRoots {
    static final ConditionalRoots NONE = new ConditionalRoots(new int[0], new int[0], new RootKind[0]);

    private final int[] sources;
    private final int[] targets;
    private final RootKind[] kinds;

    private ConditionalRoots(int[] sources, int[] targets, RootKind[] kinds) {
        this.sources = sources;
        this.targets = targets;
        this.kinds = kinds;
    }

    /** Roots of one kind; a source of -1 is never reached. */
    static ConditionalRoots of(RootKind kind, int[] sources, int[] targets) {
        RootKind[] kinds = new RootKind[sources.length];
        Arrays.fill(kinds, kind);
        return new ConditionalRoots(sources.clone(), targets.clone(), kinds);
    }

    /** Those of a dump whose target is an object of it; a function in the executable is none. */
    static ConditionalRoots of(DumpRoots roots, ObjectGraph graph) {
        List<ConditionalRoot> recorded = roots.conditional();
        int[] sources = new int[recorded.size()];
        int[] targets = new int[recorded.size()];
        RootKind[] kinds = new RootKind[recorded.size()];
        int count = 0;
        for (ConditionalRoot root : recorded) {
            int target = graph.indexOf(root.target());
            if (target >= 0) {
                sources[count] = graph.indexOf(root.source());
                targets[count] = target;
                kinds[count++] = root.kind();
            }
        }
        return new ConditionalRoots(
                Arrays.copyOf(sources, count), Arrays.copyOf(targets, count), Arrays.copyOf(kinds, count));
    }

    int count() {
        return sources.length;
    }

    /** The object whose reachability decides, or -1 if the dump does not have it. */
    int source(int position) {
        return sources[position];
    }

    /** The object that is kept. */
    int target(int position) {
        return targets[position];
    }

    RootKind kind(int position) {
        return kinds[position];
    }
}

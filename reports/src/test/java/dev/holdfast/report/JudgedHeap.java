package dev.holdfast.report;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Verdict;
import dev.holdfast.testkit.FakeRef;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.stream.Collectors;

/** A heap with the verdict on it, and what a naive search says of the same. */
final class JudgedHeap implements AutoCloseable {
    private final HeapSnapshot heap;
    private final Verdict verdict;

    private JudgedHeap(HeapSnapshot heap, Verdict verdict) {
        this.heap = heap;
        this.verdict = verdict;
    }

    static JudgedHeap open(Path dump) throws IOException {
        return of(Holdfast.open(dump, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, Progress.NONE));
    }

    static JudgedHeap open(Path core, Path executable) throws IOException {
        return of(Holdfast.open(
                core, DumpOptions.DEFAULT.withExecutable(executable), SnapshotOptions.DEFAULT, Progress.NONE));
    }

    static JudgedHeap of(HeapSnapshot heap) {
        RetentionWalk walk = new RetentionWalk(heap);
        walk.run(Progress.NONE);
        walk.count(Progress.NONE);
        return new JudgedHeap(heap, walk.verdict());
    }

    HeapSnapshot heap() {
        return heap;
    }

    int node(FakeRef object) {
        return heap.graph().indexOf(object.address());
    }

    Verdict verdict() {
        return verdict;
    }

    Suspect first() {
        return verdict.suspects().get(0);
    }

    /** What a terminal shows. */
    String text() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new VerdictSection(heap, verdict).text(out);
        out.flush();
        return text.toString();
    }

    /** The path of a suspect, a step each. */
    static String path(Suspect suspect) {
        return suspect.path().stream()
                .map(step -> step.via() == null ? step.name() : step.via() + " " + step.name())
                .collect(Collectors.joining(" > "));
    }

    /** The shallow size of all that roots no longer reach without the node: what it retains, without dominators. */
    long retainedWithout(int node) {
        return bytes(onlyThrough(node));
    }

    /** The nodes that roots reach through a node only, itself included. */
    BitSet onlyThrough(int node) {
        BitSet with = reached(-1);
        with.andNot(reached(node));
        return with;
    }

    /** All that roots reach. */
    BitSet reachable() {
        return reached(-1);
    }

    /** The shallow size of nodes together. */
    long bytes(BitSet nodes) {
        return nodes.stream().mapToLong(heap.graph()::shallowSize).sum();
    }

    private BitSet reached(int without) {
        ObjectGraph graph = heap.graph();
        BitSet reached = new BitSet(graph.nodeCount());
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < heap.roots().count(); i++) {
            visit(heap.roots().node(i), without, reached, open);
        }
        while (!open.isEmpty()) {
            int node = open.pop();
            for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                visit(graph.target(r), without, reached, open);
            }
            if (!graph.isHolder(node)) {
                visit(graph.classObject(node), without, reached, open);
            }
        }
        return reached;
    }

    private static void visit(int node, int without, BitSet reached, Deque<Integer> open) {
        if (node >= 0 && node != without && !reached.get(node)) {
            reached.set(node);
            open.push(node);
        }
    }

    @Override
    public void close() throws IOException {
        heap.close();
    }
}

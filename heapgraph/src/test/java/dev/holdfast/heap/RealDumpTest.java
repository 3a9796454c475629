package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.LengauerTarjan;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.Scenario;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump of a live JVM with more than a million objects, against another algorithm. */
final class RealDumpTest {
    private static final int ENTRIES = 150_000;

    @TempDir
    Path folder;

    /** Maps, lists linked both ways, arrays and shared strings, as programs have them. */
    public static final class Ballast implements Scenario {
        @Override
        public Object build() {
            Map<Integer, Object> tree = new TreeMap<>();
            LinkedBlockingDeque<Object> linked = new LinkedBlockingDeque<>();
            ArrayDeque<Object> queue = new ArrayDeque<>();
            List<WeakReference<Object>> weak = new ArrayList<>();
            for (int i = 0; i < ENTRIES; i++) {
                List<Object> row = new ArrayList<>(List.of("name" + i, i + 1000));
                row.add(i % 3 == 0 ? row.get(0) : "other" + i);
                tree.put(i, row);
                linked.add(row.get(2));
                if (i % 7 == 0) {
                    queue.add(row);
                    weak.add(new WeakReference<>(new ArrayList<>(row)));
                }
            }
            return List.of(tree, linked, queue, weak);
        }
    }

    @Test
    void dominatorsOfAMillionObjectsAgreeWithLengauerAndTarjan() throws IOException {
        Path file = LiveJvm.current()
                .dump(Ballast.class, folder, "ballast", List.of(), "-all")
                .file();
        for (SnapshotOptions.References references : SnapshotOptions.References.values()) {
            try (HeapSnapshot snapshot = HeapSnapshot.open(
                    DumpFile.open(file, DumpOptions.DEFAULT, Progress.NONE),
                    SnapshotOptions.DEFAULT.withReferences(references),
                    Progress.NONE)) {
                assertThat(snapshot.totals().reachableObjects()).isGreaterThan(1_000_000);
                assertThat(snapshot.identities()).allMatch(Identity::holds);
                boolean strongOnly = references == SnapshotOptions.References.STRONG;
                int[] expected = otherAlgorithm(snapshot, strongOnly);
                assertThat(Arrays.equals(expected, Graphs.immediateDominators(snapshot.dominators())))
                        .as("%s", references)
                        .isTrue();
                long[] shallow = new long[expected.length];
                Arrays.setAll(shallow, snapshot.graph()::shallowSize);
                assertThat(Arrays.equals(
                                LengauerTarjan.retainedSizes(expected, shallow),
                                Graphs.retainedSizes(snapshot.dominators())))
                        .isTrue();
            }
        }
    }

    /** All edges written out, class edges too. */
    private static int[] otherAlgorithm(HeapSnapshot snapshot, boolean strongOnly) {
        ObjectGraph graph = snapshot.graph();
        int nodes = graph.nodeCount();
        long[] offsets = new long[nodes + 1];
        int[] targets = new int[Math.toIntExact(graph.referenceCount() + nodes)];
        int at = 0;
        for (int node = 0; node < nodes; node++) {
            offsets[node] = at;
            if (!graph.isHolder(node) && graph.classObject(node) >= 0) {
                targets[at++] = graph.classObject(node);
            }
            for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                if (!strongOnly || !referent(graph, node, r)) {
                    targets[at++] = graph.target(r);
                }
            }
        }
        offsets[nodes] = at;
        return LengauerTarjan.immediateDominators(
                offsets, Arrays.copyOf(targets, at), snapshot.roots().nodes());
    }

    private static boolean referent(ObjectGraph graph, int node, long reference) {
        return !graph.isHolder(node) && graph.types().get(graph.typeOf(node)).referentSlot() == graph.slot(reference);
    }
}

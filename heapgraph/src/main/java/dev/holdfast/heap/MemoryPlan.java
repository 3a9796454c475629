package dev.holdfast.heap;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.ScratchFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates what the columns will need before they are taken, and chooses where they live: asked once objects are
 * counted, and again once references are.
 *
 * <p>Bytes at the peak of each stage, with e references an object of which p are back or cross edges, and a share of k of
 * all nodes that is not pendant (a business-like heap of 17.7 M objects: e = 1.45, p = 0.85, k = 0.28; that of javac has
 * 3.4, 3.2 and 0.78). The last column leaves out what lies aside where the heap is tight, see {@link #asideStore}:
 *
 * <table>
 * <caption>What is alive together</caption>
 * <tr><th>stage</th><th>bytes an object</th><th>there</th><th>not aside</th></tr>
 * <tr><td>index, types, elements: kept</td><td>9</td><td>9</td><td>5</td></tr>
 * <tr><td>reading references: degrees, targets and slots in spools</td><td>9 + 1 + 5e</td><td>17</td><td>5</td></tr>
 * <tr><td>assembling: offsets, targets and slots beside the spools</td><td>9 + 5 + 10e</td><td>28</td><td>15</td></tr>
 * <tr><td>the graph, kept</td><td>13 + 5e</td><td>20</td><td>15</td></tr>
 * <tr><td>depth-first search: 4 columns, 4 to 8 for each of the p back or cross edges; reachability 1</td><td>graph + 17
 * + 6p</td><td>42</td><td>28</td></tr>
 * <tr><td>Semi-NCA: 4 columns, 2 as long as there are numbers, 4 for each edge; reachability 1</td><td>graph + 17 + 8k
 * + 4p</td><td>43</td><td>30</td></tr>
 * <tr><td>the result: order, dominators, retained sizes, reachability</td><td>graph + 17</td><td>37</td><td>24</td></tr>
 * </table>
 */
final class MemoryPlan {
    private static final int GRAPH_BYTES_A_NODE = 14;
    private static final int GRAPH_BYTES_A_REFERENCE = 10;

    /** Types and offsets, which are never aside. */
    private static final int LEAST_BYTES_A_NODE = 8;

    /** Three columns of the search and reachability. */
    private static final int LEAST_DOMINATOR_BYTES_A_NODE = 13;

    /** At the peak of all stages; the index is counted apart. */
    private static final int PEAK_BYTES_A_NODE = 37;

    private static final int PEAK_BYTES_A_REFERENCE = 9;

    /** An instance without fields in a dump with 4-byte identifiers; no format has shorter ones. */
    private static final int SMALLEST_RECORD = 17;

    /** For any set of addresses, while it is built. */
    private static final int INDEX_BYTES_AN_OBJECT = 20;

    private final SnapshotOptions options;
    private final Path folder;
    private final long usedBefore;
    private final long room;
    /** What columns and program may take together where the choice is ours: the collector needs some air. */
    private final long budget;

    private final List<ColumnStore> stores = new ArrayList<>();

    MemoryPlan(SnapshotOptions options) {
        this.options = options;
        this.folder = ScratchFolder.of(options.workDir());
        this.room = room();
        this.budget = Runtime.getRuntime().maxMemory() / 5 * 4;
        Runtime runtime = Runtime.getRuntime();
        this.usedBefore = runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * Where the index of addresses goes; before it is built no more is known than how many objects the file can hold.
     *
     * <p>It rarely takes a tenth of that, so it begins on the heap where the graph will most likely be too: loops over
     * columns of both kinds take several times as long to compile, and some of them twice as long to run.
     */
    ColumnStore indexStore(long dumpBytes) throws IOException {
        long need = dumpBytes / SMALLEST_RECORD * INDEX_BYTES_AN_OBJECT;
        long likely = dumpBytes - dumpBytes / 16;
        if (options.memory() == SnapshotOptions.Memory.AUTOMATIC && need > available() && likely <= available()) {
            if (ScratchFolder.inMemory(folder)) {
                return remember(ColumnStore.onHeap());
            }
            Files.createDirectories(folder);
            return remember(ColumnStore.spilling(folder, available() / 2));
        }
        return store(need, false, "the index of objects needs");
    }

    /**
     * Where the graph goes: on the heap if there will most likely be room for the dominators too, see
     * {@link #indexStore}.
     *
     * @param references an upper bound; null references are in it, of which there are a quarter to a half
     */
    ColumnStore graphStore(long nodes, long references) throws IOException {
        String what = String.format("%,d objects with up to %,d references need", nodes, references);
        if (options.memory() == SnapshotOptions.Memory.HEAP) {
            return store(nodes * LEAST_BYTES_A_NODE, true, what);
        }
        long need = nodes * GRAPH_BYTES_A_NODE + references * GRAPH_BYTES_A_REFERENCE;
        boolean automatic = options.memory() == SnapshotOptions.Memory.AUTOMATIC;
        return store(Math.max(need, automatic ? likely(nodes, references) : 0), true, what);
    }

    private static long likely(long nodes, long references) {
        return nodes * PEAK_BYTES_A_NODE + references * PEAK_BYTES_A_REFERENCE * 2 / 3;
    }

    /**
     * Where columns of the graph and of the dominators go that are written and read in order, or nearly so: beside the
     * others, unless all of them together would not fit on a heap on which the others do.
     */
    ColumnStore asideStore(ColumnStore graph, long nodes, long references) throws IOException {
        boolean tight = options.memory() == SnapshotOptions.Memory.HEAP && likely(nodes, references) > available();
        if (!tight || ScratchFolder.inMemory(folder)) {
            return graph;
        }
        Files.createDirectories(folder);
        return remember(ColumnStore.mapped(folder));
    }

    /** Where the dominators go: beside the graph, unless they do not fit there. */
    ColumnStore dominatorStore(ColumnStore graph, long nodes, long references) throws IOException {
        if (graph.mapped()) {
            return graph;
        }
        // Of the references almost all may be back or cross edges, and no node may be pendant.
        long search = nodes * 17 + references * 6;
        long sort = nodes * 21 + references * 8;
        long nca = nodes * 25 + references * 4;
        boolean heap = options.memory() == SnapshotOptions.Memory.HEAP;
        ColumnStore store = store(
                heap ? nodes * LEAST_DOMINATOR_BYTES_A_NODE : Math.max(search, Math.max(sort, nca)),
                true,
                String.format("the dominators of %,d objects with %,d references need", nodes, references));
        return store.mapped() ? store : graph;
    }

    private ColumnStore store(long need, boolean sure, String what) throws IOException {
        boolean onHeap = switch (options.memory()) {
            case HEAP -> true;
            case MAPPED -> false;
            case AUTOMATIC -> need <= available() && usedBefore + columns() + need <= budget;
        };
        if (onHeap) {
            if (sure && need > Runtime.getRuntime().maxMemory() - columns()) {
                throw refused(what, need, -1);
            }
            return remember(ColumnStore.onHeap());
        }
        if (ScratchFolder.inMemory(folder)) {
            throw new InsufficientResourcesException(String.format(
                    "%s about %,d MiB, but the Java heap has %,d MiB left, and scratch files in %s would be memory too; give"
                            + " more memory (--heap) or a folder on a disk (--work-dir)",
                    what, need >> 20, Math.max(0, available()) >> 20, folder));
        }
        Files.createDirectories(folder);
        long disk = Files.getFileStore(folder).getUsableSpace();
        if (sure && disk < need) {
            throw refused(what, need, disk);
        }
        return remember(ColumnStore.mapped(folder));
    }

    private ColumnStore remember(ColumnStore store) {
        stores.add(store);
        return store;
    }

    private InsufficientResourcesException refused(String what, long need, long disk) {
        String files = disk < 0 ? "" : String.format(" and %s %,d MiB", folder, disk >> 20);
        return new InsufficientResourcesException(String.format(
                "%s about %,d MiB, but the Java heap has %,d MiB left%s; give more memory (--heap) or another folder"
                        + " (--work-dir)",
                what, need >> 20, Math.max(0, available()) >> 20, files));
    }

    /** What columns may still take. Counted rather than asked of the collector, which has not seen what is garbage. */
    private long available() {
        return room - usedBefore - columns();
    }

    /**
     * What columns may take in all. Big arrays go straight to the old generation; where it has a size of its own, the
     * rest of the program has the young one and little more is kept free for it.
     */
    private static long room() {
        long max = Runtime.getRuntime().maxMemory();
        long old = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                old = Math.max(old, pool.getUsage().getMax());
            }
        }
        return old > 0 && old < max - max / 64 ? old - Math.max(12L << 20, old / 64) : max - reserve(max);
    }

    private long columns() {
        long columns = 0;
        for (ColumnStore store : stores) {
            columns += store.mapped() ? 0 : store.bytes();
        }
        return columns;
    }

    /** What is left to the rest of the program: class tables, profiles, the young generation. */
    private static long reserve(long max) {
        return Math.max(64L << 20, max / 10);
    }
}

package dev.holdfast.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Assembles the edges that several workers collected chunk by chunk into one list.
 *
 * <p>The result does not depend on which worker had which chunk. Where a node occurs several times, the first occurrence
 * in chunk and file order has the edges. Memory: while it copies, what the collectors hold and the finished list; pieces
 * are given back as they are copied. Thread-safe except that {@link #build} comes when all workers are done.
 */
final class EdgeListBuilder {
    /** Nodes at a time: loops in small methods are compiled sooner, and better, than long ones. */
    private static final int BLOCK = 1 << 13;

    private final ColumnStore store;
    private final ColumnStore aside;
    private final int nodes;
    private final List<EdgeCollector> collectors = new ArrayList<>();
    private final List<EdgeCollector> idle = new ArrayList<>();
    private int[] extraSources = new int[16];
    private int[] extraTargets = new int[16];
    private int extras;

    /** For edges between nodes 0 to {@code nodes - 1}. */
    EdgeListBuilder(ColumnStore store, int nodes) {
        this(store, store, nodes);
    }

    /**
     * The same with two places for columns.
     *
     * @param aside for what is collected, and for slots
     */
    EdgeListBuilder(ColumnStore store, ColumnStore aside, int nodes) {
        this.store = store;
        this.aside = aside;
        this.nodes = nodes;
    }

    /** A collector for the chunk; nobody else has it until it is put back. */
    synchronized EdgeCollector open(int chunk) {
        for (int i = 0; i < idle.size(); i++) {
            if (idle.get(i).lastChunk() < chunk) {
                EdgeCollector collector = idle.remove(i);
                collector.chunk(chunk);
                return collector;
            }
        }
        EdgeCollector collector = new EdgeCollector(aside);
        collectors.add(collector);
        collector.chunk(chunk);
        return collector;
    }

    /** Puts a collector back whose chunk is complete. */
    synchronized void close(EdgeCollector collector) {
        idle.add(collector);
    }

    /** An edge beyond those in the chunks; it comes after them, in the order of adding. Used by one thread. */
    void add(int source, int target) {
        if (extras == extraSources.length) {
            extraSources = Arrays.copyOf(extraSources, extras * 2);
            extraTargets = Arrays.copyOf(extraTargets, extras * 2);
        }
        extraSources[extras] = source;
        extraTargets[extras++] = target;
    }

    /** How many edges were collected. */
    long edges() {
        long edges = extras;
        for (EdgeCollector collector : collectors) {
            edges += collector.targets.size();
        }
        return edges;
    }

    /**
     * Assembles the list; the collectors are spent then.
     *
     * @param repeated whether a node may occur more than once in the chunks
     */
    EdgeList build(boolean repeated, int threads) {
        sortExtras();
        long most = edges();
        UnsignedColumn offsets = UnsignedColumn.of(store, nodes + 1L, most);
        EdgeList list;
        if (repeated) {
            countFirstOccurrences(offsets);
            long edges = sum(offsets);
            list = new EdgeList(offsets, store.ints(edges), aside.bytes(edges));
            copyFirstOccurrences(list);
        } else {
            // Meanwhile the memory for all edges: to have it cleared takes as long as to count.
            IntColumn[] targets = new IntColumn[1];
            List<Runnable> counting = new ArrayList<>();
            counting.add(() -> targets[0] = store.ints(most));
            collectors.forEach(collector -> counting.add(() -> count(collector, offsets)));
            Workers.run(threads, counting);
            sum(offsets);
            list = new EdgeList(offsets, targets[0], aside.bytes(most));
            List<Runnable> copying = new ArrayList<>();
            collectors.forEach(collector -> copying.add(() -> copy(collector, list)));
            Workers.run(threads, copying);
        }
        copyExtras(list);
        collectors.clear();
        return list;
    }

    /** Turns degrees, to which those of the extras are added, into offsets; returns how many edges there are. */
    private long sum(UnsignedColumn offsets) {
        for (int i = 0; i < extras; i++) {
            offsets.add(extraSources[i], 1);
        }
        long edges = 0;
        for (long node = 0; node <= nodes; node += BLOCK) {
            edges = sum(offsets, node, Math.min(nodes + 1L, node + BLOCK), edges);
        }
        return edges;
    }

    /** The same for some nodes, given the edges before them. */
    private static long sum(UnsignedColumn offsets, long from, long to, long before) {
        long edges = before;
        for (long node = from; node < to; node++) {
            long degree = offsets.get(node);
            offsets.set(node, edges);
            edges += degree;
        }
        return edges;
    }

    private static long runs(EdgeCollector collector) {
        long runs = 0;
        for (EdgeCollector.Chunk chunk : collector.chunks()) {
            runs += chunk.runs();
        }
        return runs;
    }

    private static void count(EdgeCollector collector, UnsignedColumn offsets) {
        long runs = runs(collector);
        EdgeCollector.Sources sources = collector.sources(false);
        byte[] block = new byte[BLOCK];
        for (long run = 0; run < runs; run++) {
            sources.nextRun();
            sources.degreesTo(offsets, block);
        }
    }

    /** Copies whole runs: the edges of consecutive nodes lie side by side, except where a node has extra edges. */
    private void copy(EdgeCollector collector, EdgeList list) {
        long runs = runs(collector);
        EdgeCollector.Sources sources = collector.sources(true);
        IntSpool.Reader targets = collector.targets.read(true);
        ByteSpool.Reader slots = collector.slots.read(true);
        for (long run = 0; run < runs; run++) {
            sources.nextRun();
            int node = sources.start();
            int end = node + sources.length();
            for (int extra = extrasBelow(node); node < end; ) {
                int last = extra < extras && extraSources[extra] < end ? extraSources[extra] : end - 1;
                int ofLast = extra;
                while (extra < extras && extraSources[extra] == last) {
                    extra++;
                }
                long count = list.end(last) - (extra - ofLast) - list.first(node);
                targets.copyTo(list.targets(), list.first(node), count);
                slots.copyTo(list.slots(), list.first(node), count);
                node = last + 1;
            }
        }
        sources.finish();
        targets.finish();
        slots.finish();
    }

    /** One node of one collector, in chunk and file order. */
    private interface OccurrenceTask {
        void run(int worker, int node, int degree, boolean first);
    }

    private void forEachOccurrence(boolean consume, OccurrenceTask task) {
        record Part(int worker, EdgeCollector.Chunk chunk) {}
        List<Part> parts = new ArrayList<>();
        List<EdgeCollector.Sources> sources = new ArrayList<>();
        for (int worker = 0; worker < collectors.size(); worker++) {
            for (EdgeCollector.Chunk chunk : collectors.get(worker).chunks()) {
                parts.add(new Part(worker, chunk));
            }
            sources.add(collectors.get(worker).sources(consume));
        }
        parts.sort(Comparator.comparingInt(part -> part.chunk().number()));
        LongColumn seen = store.longs((nodes + 63L) >>> 6);
        for (Part part : parts) {
            EdgeCollector.Sources from = sources.get(part.worker());
            for (long run = 0; run < part.chunk().runs(); run++) {
                from.nextRun();
                for (int i = 0; i < from.length(); i++) {
                    int node = from.start() + i;
                    long bits = seen.get(node >>> 6);
                    seen.set(node >>> 6, bits | 1L << node);
                    task.run(part.worker(), node, from.nextDegree(), (bits >>> node & 1) == 0);
                }
            }
        }
        sources.forEach(EdgeCollector.Sources::finish);
        store.release(seen);
    }

    private void countFirstOccurrences(UnsignedColumn offsets) {
        forEachOccurrence(false, (worker, node, degree, first) -> {
            if (first) {
                offsets.set(node, degree);
            }
        });
    }

    private void copyFirstOccurrences(EdgeList list) {
        List<IntSpool.Reader> targets = new ArrayList<>();
        List<ByteSpool.Reader> slots = new ArrayList<>();
        for (EdgeCollector collector : collectors) {
            targets.add(collector.targets.read(true));
            slots.add(collector.slots.read(true));
        }
        forEachOccurrence(true, (worker, node, degree, first) -> {
            if (first) {
                targets.get(worker).copyTo(list.targets(), list.first(node), degree);
                slots.get(worker).copyTo(list.slots(), list.first(node), degree);
            } else {
                targets.get(worker).skip(degree);
                slots.get(worker).skip(degree);
            }
        });
        targets.forEach(IntSpool.Reader::finish);
        slots.forEach(ByteSpool.Reader::finish);
    }

    private void sortExtras() {
        long[] keys = new long[extras];
        for (int i = 0; i < extras; i++) {
            keys[i] = (long) extraSources[i] << 32 | i;
        }
        Arrays.sort(keys);
        int[] targets = new int[extras];
        for (int i = 0; i < extras; i++) {
            extraSources[i] = (int) (keys[i] >>> 32);
            targets[i] = extraTargets[(int) keys[i]];
        }
        extraTargets = targets;
    }

    private int extrasBelow(int node) {
        int low = 0;
        int high = extras;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (extraSources[middle] < node) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void copyExtras(EdgeList list) {
        int from = 0;
        while (from < extras) {
            int to = from;
            while (to < extras && extraSources[to] == extraSources[from]) {
                to++;
            }
            long edge = list.end(extraSources[from]) - (to - from);
            for (int i = from; i < to; i++, edge++) {
                list.targets().set(edge, extraTargets[i]);
                list.slots().set(edge, (byte) NodeGraph.UNNAMED);
            }
            from = to;
        }
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.WakeSearch;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Goroutines that nothing can ever wake: what they wait for is reachable from goroutines of the same kind only.
 *
 * <p>The search begins at package variables, the runtime's roots and all goroutines that run or wait for something outside
 * the heap. A goroutine blocked on a channel or lock joins as soon as one of these is reached. What the runtime itself
 * records about who waits for what keeps nothing alive. What finalizers and weak pointers lead to counts as reached, and a
 * goroutine of which it is not known what it waits for as running: so a goroutine is called leaked only if no Go code can
 * wake it. Immutable; memory: about 100
 * bytes for each goroutine that is blocked, and a bit a node of the graph.
 */
public final class LeakedGoroutines {
    /** What can be said of a goroutine. */
    public enum Verdict {
        /** It runs, or something may wake it. */
        ALIVE,
        /** Nothing that may run can reach what it waits for. */
        LEAKED,
        /** It waits on a nil channel or in a select without cases, which nothing ends. */
        FOREVER,
        /** It may wait for another goroutine, but the dump does not tell for what. */
        UNKNOWN
    }

    private final HeapSnapshot heap;
    private final Verdict[] verdicts;
    private final boolean judged;
    private final List<List<Integer>> rings;
    private final boolean ringsSearched;
    private final LeakedNodes nodes;

    private LeakedGoroutines(
            HeapSnapshot heap, Verdict[] verdicts, boolean judged, GoroutineRings rings, LeakedNodes nodes) {
        this.heap = heap;
        this.verdicts = verdicts;
        this.judged = judged;
        this.rings = rings.rings();
        this.ringsSearched = rings.complete();
        this.nodes = nodes;
    }

    /**
     * Judges all goroutines of a heap.
     *
     * <p>Cost: one walk over all references if any goroutine is blocked, else next to nothing.
     *
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static LeakedGoroutines find(HeapSnapshot heap, Progress progress) {
        return new Search(heap).run(progress);
    }

    /** Whether there are goroutines and the dump tells what they wait for. */
    public boolean judged() {
        return judged;
    }

    /** The verdict on one of the dump's threads, by its index. */
    public Verdict verdict(int thread) {
        return verdicts[thread];
    }

    /** Whether nothing can wake a thread of the dump. */
    public boolean leaked(int thread) {
        return verdicts[thread] == Verdict.LEAKED || verdicts[thread] == Verdict.FOREVER;
    }

    /** How many goroutines have a verdict. */
    public int count(Verdict verdict) {
        return (int) Arrays.stream(verdicts).filter(each -> each == verdict).count();
    }

    /** How many nothing can wake. */
    public int leakedCount() {
        return count(Verdict.LEAKED) + count(Verdict.FOREVER);
    }

    /**
     * Leaked goroutines that wait for one another, by index of thread: each waits for what, outside its ring, nothing that
     * could ever wake it holds, and not all for the same. Largest first.
     */
    public List<List<Integer>> rings() {
        return rings;
    }

    /** Whether all rings were found: where leaked goroutines hold a large part of the heap they are not searched for. */
    public boolean ringsSearched() {
        return ringsSearched;
    }

    /**
     * What groups of leaked goroutines keep alive, each alone.
     *
     * @param groupOf of each thread the group, or -1
     * @param groups how many groups there are
     * @return objects and bytes by group; behind the last, what several groups keep alive together
     */
    public List<Kept> kept(int[] groupOf, int groups) {
        return nodes.kept(heap, groupOf, groups);
    }

    /**
     * What would be free without some goroutines, their own records in the heap included and their stacks not.
     *
     * @param objects how many objects
     * @param bytes their shallow size
     */
    public record Kept(long objects, long bytes) {}

    /** One search. */
    private static final class Search {
        private final HeapSnapshot heap;
        private final ObjectGraph graph;
        private final List<DumpThread> threads;
        private final ThreadWaits waits;
        private final DumpRoots dumpRoots;

        /** Whether a goroutine has to be woken before its stack counts. */
        private final BitSet asleep = new BitSet();

        /** Holder of each goroutine as a node, or -1. */
        private final int[] holderOf;

        Search(HeapSnapshot heap) {
            this.heap = heap;
            graph = heap.graph();
            threads = heap.dump().threads();
            waits = heap.dump().waits();
            dumpRoots = heap.dump().roots();
            holderOf = new int[threads.size()];
            Arrays.fill(holderOf, -1);
        }

        LeakedGoroutines run(Progress progress) {
            boolean goroutines = threads.stream().anyMatch(thread -> thread.kind() == DumpThread.Kind.GOROUTINE);
            Verdict[] verdicts = new Verdict[threads.size()];
            Arrays.fill(verdicts, Verdict.ALIVE);
            if (!goroutines || waits.threads() == 0) {
                return new LeakedGoroutines(heap, verdicts, false, GoroutineRings.NONE, LeakedNodes.NONE);
            }
            findAsleep(verdicts);
            if (asleep.isEmpty()) {
                return new LeakedGoroutines(heap, verdicts, true, GoroutineRings.NONE, LeakedNodes.NONE);
            }
            WakeSearch search = new WakeSearch(heap);
            int[][] records = hold(search);
            roots(search);
            int[][] starts = starts();
            int[] threadOf = sleepers(search, records, starts);
            BitSet never = search.run(progress);
            BitSet leaked = new BitSet();
            for (int s = never.nextSetBit(0); s >= 0; s = never.nextSetBit(s + 1)) {
                int thread = threadOf[s];
                leaked.set(thread);
                verdicts[thread] = waits.kind(thread) == ThreadWaits.Kind.FOREVER ? Verdict.FOREVER : Verdict.LEAKED;
            }
            LeakedNodes nodes = new LeakedNodes(search, leaked, records, starts);
            GoroutineRings rings = GoroutineRings.find(graph, waits, nodes, progress);
            for (int thread = 0; thread < verdicts.length; thread++) {
                if (verdicts[thread] == Verdict.FOREVER && threads.get(thread).id() == 1) {
                    // How a program says that its other goroutines are all it does: no leak, as Go's own profile has
                    // it.
                    verdicts[thread] = Verdict.ALIVE;
                }
            }
            return new LeakedGoroutines(heap, verdicts, true, rings, nodes);
        }

        private void findAsleep(Verdict[] verdicts) {
            for (int thread = 0; thread < verdicts.length; thread++) {
                boolean ended = threads.get(thread).state().equals("leaked");
                switch (waits.kind(thread)) {
                    case FREE -> asleep.set(thread, ended);
                    case FOREVER -> asleep.set(thread);
                    case UNKNOWN -> {
                        asleep.set(thread, ended);
                        verdicts[thread] = Verdict.UNKNOWN;
                    }
                    case OBJECTS -> asleep.set(thread, ended || allInHeap(thread));
                }
            }
        }

        /** What lies outside the heap is a package variable, and whatever runs can reach it. */
        private boolean allInHeap(int thread) {
            for (int i = 0; i < waits.objectCount(thread); i++) {
                if (graph.containing(waits.object(thread, i)) < 0) {
                    return false;
                }
            }
            return true;
        }

        /** Keeps the runtime's records of goroutines that sleep from leading anywhere; returns what each has. */
        private int[][] hold(WakeSearch search) {
            int[][] records = new int[threads.size()][];
            for (int thread = asleep.nextSetBit(0); thread >= 0; thread = asleep.nextSetBit(thread + 1)) {
                IntList nodes = new IntList();
                add(nodes, threads.get(thread).address());
                for (int i = 0; i < waits.recordCount(thread); i++) {
                    add(nodes, waits.record(thread, i));
                }
                records[thread] = nodes.toArray();
                for (int node : records[thread]) {
                    search.hold(node);
                }
            }
            return records;
        }

        private void add(IntList nodes, long address) {
            int node = graph.indexOf(address);
            if (node >= 0) {
                nodes.add(node);
            }
        }

        private void roots(WakeSearch search) {
            List<Holder> holders = graph.holders();
            for (int position = 0; position < heap.roots().count(); position++) {
                int node = heap.roots().node(position);
                if (heap.roots().kind(position) == RootKind.GOROUTINE && graph.isHolder(node)) {
                    int thread = holders.get(node - graph.objectCount()).thread();
                    if (thread >= 0 && asleep.get(thread)) {
                        holderOf[thread] = node;
                        continue;
                    }
                }
                search.root(node);
            }
            for (ConditionalRoot root : dumpRoots.conditional()) {
                rootAt(search, root.target());
                if (root.kind() == RootKind.RUNTIME) {
                    // A weak pointer gives its object to whoever asks, as long as anything keeps that.
                    rootAt(search, root.source());
                }
            }
            // The graph has only those that nothing else reaches; but one that is real can wake what others reach too.
            for (int i = 0; i < dumpRoots.heldCount(); i++) {
                if (dumpRoots.heldConservatively(i)) {
                    int thread = holders.get(dumpRoots.heldBy(i)).thread();
                    if (thread < 0 || !asleep.get(thread)) {
                        rootAt(search, dumpRoots.heldAddress(i));
                    }
                }
            }
        }

        private void rootAt(WakeSearch search, long address) {
            int node = graph.indexOf(address);
            if (node >= 0) {
                search.root(node);
            }
        }

        /** Where the stack of each that sleeps holds something: at its holder, and where words of it may be references. */
        private int[][] starts() {
            int[][] starts = new int[threads.size()][];
            for (int thread = asleep.nextSetBit(0); thread >= 0; thread = asleep.nextSetBit(thread + 1)) {
                starts[thread] = holderOf[thread] < 0 ? new int[0] : new int[] {holderOf[thread]};
            }
            if (dumpRoots.anyConservative()) {
                List<Holder> holders = graph.holders();
                for (int i = 0; i < dumpRoots.heldCount(); i++) {
                    int thread = dumpRoots.heldConservatively(i)
                            ? holders.get(dumpRoots.heldBy(i)).thread()
                            : -1;
                    int node = thread >= 0 && asleep.get(thread) ? graph.indexOf(dumpRoots.heldAddress(i)) : -1;
                    if (node >= 0) {
                        int count = starts[thread].length;
                        starts[thread] = Arrays.copyOf(starts[thread], count + 1);
                        starts[thread][count] = node;
                    }
                }
            }
            return starts;
        }

        /** Adds those that sleep; returns the thread of each sleeper. */
        private int[] sleepers(WakeSearch search, int[][] records, int[][] starts) {
            int[] threadOf = new int[asleep.cardinality()];
            for (int thread = asleep.nextSetBit(0); thread >= 0; thread = asleep.nextSetBit(thread + 1)) {
                threadOf[search.sleeper()] = thread;
                // What the runtime itself found leaked it never wakes.
                if (!threads.get(thread).state().equals("leaked")) {
                    for (int i = 0; i < waits.objectCount(thread); i++) {
                        search.waker(graph.containing(waits.object(thread, i)));
                    }
                }
                for (int node : records[thread]) {
                    search.own(node);
                }
                for (int node : starts[thread]) {
                    search.own(node);
                }
            }
            return threadOf;
        }
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds leaked goroutines that wait for one another.
 *
 * <p>Go's locks do not record who holds them. What is certain is who can reach them: in a graph of goroutines, of what they
 * alone hold, and from each object back to those that wait for it, the strongly connected components are the groups in
 * which each can be woken by the others only. A group in which all wait for one and the same is no ring: there nobody is
 * left to wake them. Tarjan's algorithm with a stack of its own. Memory: about 40 bytes a node of that graph.
 *
 * @param rings indices of threads, each ascending, largest ring first
 * @param complete false where leaked goroutines hold too much for it
 */
record GoroutineRings(List<List<Integer>> rings, boolean complete) {
    static final GoroutineRings NONE = new GoroutineRings(List.of(), true);

    /** So many nodes at most: 40 MB. */
    static final int MOST_NODES = 1 << 20;

    /** Searches among the leaked goroutines. */
    static GoroutineRings find(ObjectGraph graph, ThreadWaits waits, LeakedNodes nodes, Progress progress) {
        Set<Long> awaited = new HashSet<>();
        BitSet threads = nodes.threads();
        for (int thread = threads.nextSetBit(0); thread >= 0; thread = threads.nextSetBit(thread + 1)) {
            for (int i = 0; i < waits.objectCount(thread); i++) {
                awaited.add(waits.object(thread, i));
            }
        }
        return awaited.size() < 2 ? NONE : new Search(graph, waits, nodes, progress).run();
    }

    /** One search; node {@code nodeCount() + t} of its graph is goroutine t, the others are those of the heap's graph. */
    private static final class Search {
        private static final int PROGRESS_STEP = 1 << 12;

        private final ObjectGraph graph;
        private final ThreadWaits waits;
        private final LeakedNodes nodes;
        private final Progress progress;
        private final LongIntMap waitersFirst = new LongIntMap();
        private final IntList waiter = new IntList();
        private final IntList nextWaiter = new IntList();

        /** Place of each node in the order in which they were found. */
        private final LongIntMap places = new LongIntMap();

        private final LongList found = new LongList();
        private final IntList lowest = new IntList();

        /** Where each node's references go on; of a node of the heap first its waiters, then its references. */
        private final LongList cursors = new LongList();

        private final IntList component = new IntList();
        private final BitSet onComponent = new BitSet();
        private final IntList path = new IntList();
        private final List<List<Integer>> rings = new ArrayList<>();

        Search(ObjectGraph graph, ThreadWaits waits, LeakedNodes nodes, Progress progress) {
            this.graph = graph;
            this.waits = waits;
            this.nodes = nodes;
            this.progress = progress;
        }

        GoroutineRings run() {
            BitSet threads = nodes.threads();
            for (int thread = threads.nextSetBit(0); thread >= 0; thread = threads.nextSetBit(thread + 1)) {
                for (int i = 0; i < waits.objectCount(thread); i++) {
                    long object = graph.containing(waits.object(thread, i));
                    nextWaiter.add(waitersFirst.get(object));
                    waitersFirst.put(object, waiter.size());
                    waiter.add(thread);
                }
            }
            for (int thread = threads.nextSetBit(0); thread >= 0; thread = threads.nextSetBit(thread + 1)) {
                if (places.get(goroutine(thread)) == LongIntMap.ABSENT && !walk(goroutine(thread))) {
                    return new GoroutineRings(List.of(), false);
                }
            }
            rings.sort(Comparator.comparingInt((List<Integer> ring) -> -ring.size())
                    .thenComparingInt(ring -> ring.get(0)));
            return new GoroutineRings(List.copyOf(rings), true);
        }

        private long goroutine(int thread) {
            return (long) graph.nodeCount() + thread;
        }

        private boolean walk(long root) {
            enter(root);
            while (path.size() > 0) {
                int place = path.get(path.size() - 1);
                long target = next(place);
                if (target < 0) {
                    path.removeLast();
                    leave(place);
                } else {
                    int known = places.get(target);
                    if (known == LongIntMap.ABSENT) {
                        if (found.size() == MOST_NODES) {
                            return false;
                        }
                        enter(target);
                    } else if (onComponent.get(known)) {
                        lowest.set(place, Math.min(lowest.get(place), known));
                    }
                }
                if ((found.size() & (PROGRESS_STEP - 1)) == 0) {
                    progress.check();
                }
            }
            return true;
        }

        private void enter(long node) {
            int place = found.size();
            places.put(node, place);
            found.add(node);
            lowest.add(place);
            cursors.add(first(node));
            component.add(place);
            onComponent.set(place);
            path.add(place);
        }

        /** Of a goroutine 0; of a node of the heap minus 2 minus its first waiter, else its first reference. */
        private long first(long node) {
            if (node >= graph.nodeCount()) {
                return 0;
            }
            int first = waitersFirst.get(node);
            return first == LongIntMap.ABSENT ? graph.firstReference((int) node) : -2L - first;
        }

        /** The next node that the one at a place leads to and only leaked goroutines reach, or -1. */
        private long next(int place) {
            long node = found.get(place);
            long cursor = cursors.get(place);
            if (node >= graph.nodeCount()) {
                int[] starts = nodes.starts((int) (node - graph.nodeCount()));
                while (cursor < starts.length) {
                    int start = starts[(int) cursor++];
                    if (!nodes.reached(start)) {
                        cursors.set(place, cursor);
                        return start;
                    }
                }
                cursors.set(place, cursor);
                return -1;
            }
            if (cursor <= -2) {
                int at = (int) (-2 - cursor);
                int following = nextWaiter.get(at);
                cursors.set(place, following == LongIntMap.ABSENT ? graph.firstReference((int) node) : -2L - following);
                return goroutine(waiter.get(at));
            }
            long end = graph.endReference((int) node);
            while (cursor < end) {
                int target = graph.target(cursor++);
                if (!nodes.reached(target)) {
                    cursors.set(place, cursor);
                    return target;
                }
            }
            cursors.set(place, cursor);
            return -1;
        }

        private void leave(int place) {
            if (path.size() > 0) {
                int above = path.get(path.size() - 1);
                lowest.set(above, Math.min(lowest.get(above), lowest.get(place)));
            }
            if (lowest.get(place) != place) {
                return;
            }
            List<Integer> members = new ArrayList<>();
            int last;
            do {
                last = component.removeLast();
                onComponent.clear(last);
                if (found.get(last) >= graph.nodeCount()) {
                    members.add((int) (found.get(last) - graph.nodeCount()));
                }
            } while (last != place);
            if (members.size() > 1 && !waitForOne(members)) {
                members.sort(Comparator.naturalOrder());
                rings.add(List.copyOf(members));
            }
        }

        /** Whether there is a channel or lock that all of them wait for; several small locks may lie in one object. */
        private boolean waitForOne(List<Integer> members) {
            Set<Long> common = awaited(members.get(0));
            for (int thread : members) {
                common.retainAll(awaited(thread));
                if (common.isEmpty()) {
                    return false;
                }
            }
            return true;
        }

        private Set<Long> awaited(int thread) {
            Set<Long> objects = new HashSet<>();
            for (int i = 0; i < waits.objectCount(thread); i++) {
                objects.add(waits.object(thread, i));
            }
            return objects;
        }
    }
}

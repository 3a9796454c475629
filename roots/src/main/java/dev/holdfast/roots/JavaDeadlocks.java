package dev.holdfast.roots;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java threads that wait for one another.
 *
 * <p>Locks of {@code java.util.concurrent} say it exactly: a parked thread refers to what it waits for
 * ({@code Thread.parkBlocker}), and that to the thread that owns it ({@code AbstractOwnableSynchronizer
 * .exclusiveOwnerThread}). Monitors do not: a dump of HotSpot says that a thread is blocked, but neither on which object nor
 * who owns it. There a thread is taken for the owner if it is the only other one whose frames refer to anything that the
 * blocked thread's topmost frame refers to; that is a guess and marked so. Immutable.
 *
 * @param waits of threads that wait for another one, by thread
 * @param rings waits that lead back to where they begin, each ring from its first thread on
 * @param blocked how many threads are blocked on a monitor
 * @param unresolved how many of these have no guess
 */
public record JavaDeadlocks(List<Wait> waits, List<Ring> rings, int blocked, int unresolved) {
    /**
     * A thread that waits for another.
     *
     * @param thread index among the dump's threads
     * @param owner the thread that it waits for
     * @param lock type of the lock, or null where only its owner is guessed
     * @param exact whether the dump records it
     */
    public record Wait(int thread, int owner, @Nullable String lock, boolean exact) {}

    /**
     * A deadlock.
     *
     * @param waits each thread's wait, each for the next, the last for the first
     * @param heldUp how many other threads wait for one of these, directly or not
     */
    public record Ring(List<Wait> waits, int heldUp) {
        /** Whether the dump records all of it. */
        public boolean exact() {
            return waits.stream().allMatch(Wait::exact);
        }
    }

    /** Searches among the threads of a heap; only of a JVM's. */
    public static JavaDeadlocks find(HeapSnapshot heap) {
        return new Search(heap).run();
    }

    /** One search. */
    private static final class Search {
        private static final int NONE = -1;

        /** Several threads, in place of one. */
        private static final int SEVERAL = -2;

        private final HeapSnapshot heap;
        private final ObjectGraph graph;
        private final List<DumpThread> threads;
        private final Map<Integer, Integer> threadOf = new HashMap<>();
        private final @Nullable Wait[] waitOf;

        Search(HeapSnapshot heap) {
            this.heap = heap;
            graph = heap.graph();
            threads = heap.dump().threads();
            waitOf = new Wait[threads.size()];
        }

        JavaDeadlocks run() {
            for (int t = 0; t < threads.size(); t++) {
                int node = threads.get(t).address() == 0
                        ? NONE
                        : graph.indexOf(threads.get(t).address());
                if (node >= 0) {
                    threadOf.put(node, t);
                }
            }
            threadOf.forEach(this::parked);
            int blocked = 0;
            int unresolved = 0;
            int[] owners = monitorOwners();
            for (int t = 0; t < threads.size(); t++) {
                if (isBlocked(t)) {
                    blocked++;
                    if (owners[t] >= 0) {
                        waitOf[t] = new Wait(t, owners[t], null, false);
                    } else {
                        unresolved++;
                    }
                }
            }
            List<Wait> waits = new ArrayList<>();
            for (Wait wait : waitOf) {
                if (wait != null) {
                    waits.add(wait);
                }
            }
            return new JavaDeadlocks(List.copyOf(waits), rings(), blocked, unresolved);
        }

        private boolean isBlocked(int thread) {
            return threads.get(thread).state().equals("blocked");
        }

        /** Only who waits without a limit of time waits for ever. */
        private void parked(int node, int thread) {
            if (!threads.get(thread).state().equals("waiting")) {
                return;
            }
            int blocker = reference(node, "parkBlocker");
            int owner = blocker < 0 ? NONE : reference(blocker, "exclusiveOwnerThread");
            Integer owning = threadOf.get(owner);
            if (owner >= 0 && owning != null && owning != thread) {
                waitOf[thread] = new Wait(thread, owning, lockName(blocker), true);
            }
        }

        /** The lock's class rather than that of the synchronizer within it. */
        private String lockName(int synchronizer) {
            String name = graph.types().get(graph.typeOf(synchronizer)).name();
            int inner = name.indexOf('$');
            return inner > 0 && name.endsWith("Sync") ? name.substring(0, inner) : name;
        }

        private int reference(int node, String field) {
            int slot = graph.types().get(graph.typeOf(node)).referenceFields().indexOf(field);
            if (slot >= 0) {
                for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                    if (graph.slot(r) == slot) {
                        return graph.target(r);
                    }
                }
            }
            return NONE;
        }

        /** Of each blocked thread the only other one whose frames refer to what its topmost frame does, or less than 0. */
        private int[] monitorOwners() {
            int[] owners = new int[threads.size()];
            Arrays.fill(owners, NONE);
            if (threads.stream().noneMatch(thread -> thread.state().equals("blocked"))) {
                return owners;
            }
            List<Holder> holders = graph.holders();
            DumpRoots roots = heap.dump().roots();
            // What topmost frames of blocked threads refer to, each with the threads whose frames do.
            Map<Long, int[]> seen = new HashMap<>();
            List<List<Long>> held = new ArrayList<>();
            int[] row = new int[threads.size()];
            Arrays.fill(row, NONE);
            for (int i = 0; i < roots.heldCount(); i++) {
                Holder holder = holders.get(roots.heldBy(i));
                int thread = holder.thread();
                if (thread >= 0 && holder.frame() >= 0 && isBlocked(thread) && isTopmost(thread, holder.frame())) {
                    if (row[thread] == NONE) {
                        row[thread] = held.size();
                        held.add(new ArrayList<>());
                    }
                    held.get(row[thread]).add(roots.heldAddress(i));
                    seen.put(roots.heldAddress(i), new int[] {NONE, NONE});
                }
            }
            for (int i = 0; !seen.isEmpty() && i < roots.heldCount(); i++) {
                int[] referring = seen.get(roots.heldAddress(i));
                int thread =
                        referring == null ? NONE : holders.get(roots.heldBy(i)).thread();
                if (referring != null && thread >= 0) {
                    note(referring, thread);
                }
            }
            for (int t = 0; t < owners.length; t++) {
                if (row[t] != NONE) {
                    for (long address : held.get(row[t])) {
                        for (int other : seen.getOrDefault(address, new int[0])) {
                            if (other != t && other != NONE) {
                                owners[t] = owners[t] == NONE || owners[t] == other ? other : SEVERAL;
                            }
                        }
                    }
                }
            }
            return owners;
        }

        /** Keeps the first two threads; a third makes it several. */
        private static void note(int[] referring, int thread) {
            if (referring[0] == NONE || referring[0] == thread) {
                referring[0] = thread;
            } else if (referring[1] == NONE || referring[1] == thread) {
                referring[1] = thread;
            } else {
                referring[1] = SEVERAL;
            }
        }

        /** The frame that enters the monitor; below it may be the native method that waits to enter again. */
        private boolean isTopmost(int thread, int frame) {
            return frame == 0
                    || frame == 1
                            && threads.get(thread).frames().get(0).function().startsWith("java.lang.Object.wait");
        }

        /** Each thread waits for one other at most, so that walks run into one another or into a ring. */
        private List<Ring> rings() {
            int[] ringOf = new int[waitOf.length];
            Arrays.fill(ringOf, NONE);
            int[] walk = new int[waitOf.length];
            List<List<Wait>> found = new ArrayList<>();
            for (int start = 0; start < waitOf.length; start++) {
                int at = start;
                while (at >= 0 && walk[at] == 0) {
                    walk[at] = start + 1;
                    Wait wait = waitOf[at];
                    at = wait == null ? NONE : wait.owner;
                }
                if (at >= 0 && walk[at] == start + 1) {
                    List<Wait> ring = new ArrayList<>();
                    for (Wait wait = waitOf[at]; wait != null && ringOf[wait.thread] == NONE; ) {
                        ringOf[wait.thread] = found.size();
                        ring.add(wait);
                        wait = waitOf[wait.owner];
                    }
                    found.add(ring);
                }
            }
            int[] heldUp = heldUp(ringOf, found.size());
            List<Ring> rings = new ArrayList<>();
            for (int r = 0; r < found.size(); r++) {
                rings.add(new Ring(List.copyOf(found.get(r)), heldUp[r]));
            }
            return List.copyOf(rings);
        }

        private int[] heldUp(int[] ringOf, int rings) {
            int[] leadsTo = ringOf.clone();
            int[] counts = new int[rings];
            int[] path = new int[waitOf.length];
            for (int start = 0; start < waitOf.length; start++) {
                int length = 0;
                int at = start;
                while (leadsTo[at] == NONE) {
                    path[length++] = at;
                    leadsTo[at] = SEVERAL;
                    Wait wait = waitOf[at];
                    if (wait == null) {
                        break;
                    }
                    at = wait.owner;
                }
                int ring = leadsTo[at];
                while (length > 0) {
                    int member = path[--length];
                    leadsTo[member] = ring;
                    if (ring >= 0) {
                        counts[ring]++;
                    }
                }
            }
            return counts;
        }
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.LeakedGoroutines;
import dev.holdfast.roots.LeakedGoroutines.Kept;
import dev.holdfast.roots.LeakedGoroutines.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Leaked goroutines, those of one stack together, with what they keep alive; immutable.
 *
 * @param leaked what is known of each goroutine
 * @param groups by what they keep alive, most first
 * @param shared what several groups keep alive together
 * @param rings goroutines that wait for one another
 */
record LeakedGroups(LeakedGoroutines leaked, List<Group> groups, Kept shared, List<List<Waiter>> rings) {
    /**
     * A goroutine of a ring.
     *
     * @param where the function in which it waits
     */
    record Waiter(DumpThread thread, String where) {}

    /**
     * Goroutines with the same stack that wait for the same reason.
     *
     * @param key what they have in common
     * @param verdict why nothing wakes them
     * @param threads the goroutines, in the dump's order
     * @param creators the functions that started them with how many each; empty where unknown
     * @param kept what would be free without them
     * @param stackBytes memory of their stacks
     */
    record Group(
            AlikeThreads.Key key,
            Verdict verdict,
            List<DumpThread> threads,
            Map<String, Integer> creators,
            Kept kept,
            long stackBytes) {
        /** What keeps these goroutines costs. */
        long bytes() {
            return kept.bytes() + stackBytes;
        }

        /** The first function of the stack that is not the runtime's or of package sync: where the program waits. */
        String where() {
            for (StackFrame frame : key.frames()) {
                String function = frame.function();
                if (!function.startsWith("runtime.")
                        && !function.startsWith("sync.")
                        && !function.startsWith("internal/sync.")
                        && !frame.wrapper()) {
                    return function;
                }
            }
            return key.name();
        }

        /** For how long the first of them has waited at least, in nanoseconds, or -1 where unknown of all. */
        long longestWait() {
            return threads.stream().mapToLong(DumpThread::waitNanos).max().orElse(-1);
        }
    }

    private record GroupKey(AlikeThreads.Key key, Verdict verdict) {}

    /** Finds the leaked goroutines of a heap. */
    static LeakedGroups of(HeapSnapshot heap, Progress progress) {
        LeakedGoroutines leaked = LeakedGoroutines.find(heap, progress);
        List<DumpThread> threads = heap.dump().threads();
        int[] groupOf = new int[threads.size()];
        Arrays.fill(groupOf, -1);
        Map<GroupKey, Integer> numbers = new HashMap<>();
        List<GroupKey> keys = new ArrayList<>();
        List<List<DumpThread>> members = new ArrayList<>();
        for (int t = 0; t < groupOf.length; t++) {
            if (leaked.leaked(t)) {
                GroupKey key = new GroupKey(AlikeThreads.Key.of(threads.get(t)), leaked.verdict(t));
                Integer known = numbers.putIfAbsent(key, keys.size());
                if (known == null) {
                    keys.add(key);
                    members.add(new ArrayList<>());
                }
                groupOf[t] = known == null ? keys.size() - 1 : known;
                members.get(groupOf[t]).add(threads.get(t));
            }
        }
        List<Kept> kept = leaked.kept(groupOf, keys.size());
        List<Group> groups = new ArrayList<>();
        for (int g = 0; g < keys.size(); g++) {
            groups.add(group(keys.get(g), members.get(g), kept.get(g)));
        }
        // Once for each group: there are few of these, and a ring may have a million goroutines.
        List<String> where = groups.stream().map(Group::where).toList();
        List<List<Waiter>> rings = leaked.rings().stream()
                .map(ring -> ring.stream()
                        .map(t -> new Waiter(threads.get(t), where.get(groupOf[t])))
                        .toList())
                .toList();
        groups.sort(Comparator.comparingLong(Group::bytes)
                .reversed()
                .thenComparing(group -> -group.threads().size())
                .thenComparing(group -> group.key().name())
                .thenComparing(group -> group.threads().get(0).id()));
        return new LeakedGroups(leaked, List.copyOf(groups), kept.get(keys.size()), rings);
    }

    private static Group group(GroupKey key, List<DumpThread> threads, Kept kept) {
        Map<String, Integer> creators = new TreeMap<>();
        long stackBytes = 0;
        for (DumpThread thread : threads) {
            creators.merge(thread.creator() == null ? "" : thread.creator(), 1, Integer::sum);
            stackBytes += Math.max(0, thread.stackBytes());
        }
        return new Group(key.key, key.verdict, List.copyOf(threads), creators, kept, stackBytes);
    }

    /** How many goroutines there are in all groups. */
    int count() {
        return groups.stream().mapToInt(group -> group.threads().size()).sum();
    }

    /** What all leaked goroutines together keep alive. */
    Kept kept() {
        long objects = shared.objects();
        long bytes = shared.bytes();
        for (Group group : groups) {
            objects += group.kept().objects();
            bytes += group.kept().bytes();
        }
        return new Kept(objects, bytes);
    }

    /** Memory of their stacks. */
    long stackBytes() {
        return groups.stream().mapToLong(Group::stackBytes).sum();
    }
}

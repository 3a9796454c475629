package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What earlier calls left in the free stacks of a group of goroutines: chains of calls that occur in them, and functions. Not
 * thread-safe.
 */
final class GhostChains {
    /** A stack may hold thousands; the remaining ones count as functions only. */
    private static final int MOST_CHAINS = 4096;

    /** Of a recursion each call counts once, so this is deeper than it seems. */
    private static final int LONGEST = 64;

    private static final int MOST_STEPS = 4096;

    /**
     * Calls of one function in a row.
     *
     * @param call the deepest
     * @param bytesBelow how far below the stack pointer that was
     * @param times how many there are
     */
    record Row(StackFrame call, long bytesBelow, int times) {}

    /** What equal chains have in common. */
    private record Key(GhostFrame.Chain end, String caller, List<String> functions) {}

    /** Equal chains. */
    static final class Chain {
        private final Key key;
        private List<Row> rows;
        private int goroutines = 1;
        private int last;

        Chain(Key key, List<Row> rows, int goroutine) {
            this.key = key;
            this.rows = rows;
            last = goroutine;
        }

        private void add(List<Row> more, int goroutine) {
            if (goroutine != last) {
                last = goroutine;
                goroutines++;
            }
            if (more.get(0).bytesBelow() > rows.get(0).bytesBelow()) {
                rows = more;
            }
        }

        /** Where it leads to. */
        GhostFrame.Chain end() {
            return key.end;
        }

        /** The live function that called the first of them, or empty. */
        String caller() {
            return key.caller;
        }

        /** Of the goroutine where they were deepest; leaf first. */
        List<Row> rows() {
            return rows;
        }

        /** In how many goroutines it was found. */
        int goroutines() {
            return goroutines;
        }

        /** Bytes that it reached down to in all; less of them the less is known of whose it is. */
        private long weight() {
            long bytes = goroutines * rows.get(0).bytesBelow();
            return switch (end()) {
                case LIVE -> bytes;
                case OVERWRITTEN -> bytes / 2;
                case BROKEN -> bytes / 4;
            };
        }
    }

    private final Map<Key, Chain> chains = new LinkedHashMap<>();
    private final Map<String, Integer> functions = new HashMap<>();
    private long unread;

    private GhostChains() {}

    /** Reads the free stacks of goroutines. */
    static GhostChains of(DumpFile dump, List<DumpThread> goroutines) {
        GhostChains all = new GhostChains();
        for (int i = 0; i < goroutines.size(); i++) {
            all.add(goroutines.get(i), dump.ghostFrames(goroutines.get(i)), i);
        }
        return all;
    }

    private void add(DumpThread thread, GhostFrames ghosts, int goroutine) {
        List<GhostFrame> frames = ghosts.frames();
        unread += ghosts.freeBytes() - ghosts.scannedBytes();
        boolean[] calls = new boolean[frames.size()];
        Set<String> names = new HashSet<>();
        for (GhostFrame frame : frames) {
            names.add(frame.call().function());
            if (frame.caller() >= 0) {
                calls[frame.caller()] = true;
            }
        }
        names.forEach(name -> functions.merge(name, 1, Integer::sum));
        for (int i = 0; i < calls.length; i++) {
            if (!calls[i]) {
                chain(thread, frames, i, goroutine);
            }
        }
    }

    private void chain(DumpThread thread, List<GhostFrame> frames, int leaf, int goroutine) {
        List<Row> rows = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int at = leaf;
        GhostFrame frame = frames.get(at);
        for (int step = 0; step < MOST_STEPS; step++) {
            frame = frames.get(at);
            String name = frame.call().function();
            int last = rows.size() - 1;
            if (last >= 0 && names.get(last).equals(name)) {
                Row row = rows.get(last);
                rows.set(last, new Row(row.call(), row.bytesBelow(), row.times() + 1));
            } else if (!frame.call().wrapper() || last < 0) {
                rows.add(new Row(frame.call(), frame.bytesBelow(), 1));
                names.add(name);
            }
            at = frame.caller();
            if (at < 0 || rows.size() >= LONGEST) {
                break;
            }
        }
        String caller = frame.liveCaller() < 0
                ? ""
                : thread.frames().get(frame.liveCaller()).function();
        Key key = new Key(frames.get(leaf).chain(), caller, List.copyOf(names));
        Chain known = chains.get(key);
        if (known != null) {
            known.add(rows, goroutine);
        } else if (chains.size() < MOST_CHAINS) {
            chains.put(key, new Chain(key, rows, goroutine));
        }
    }

    /** Whether nothing was found. */
    boolean isEmpty() {
        return functions.isEmpty();
    }

    /** The first of the chains: the deepest in most goroutines. */
    List<Chain> first(int most) {
        return chains.values().stream()
                .sorted(Comparator.comparingLong(Chain::weight)
                        .reversed()
                        .thenComparing(Chain::end)
                        .thenComparing(chain -> chain.key.functions.toString()))
                .limit(most)
                .toList();
    }

    /** The functions found beside those of some chains with the number of goroutines each, most frequent first. */
    Map<String, Integer> others(Collection<Chain> shown) {
        Set<String> known = new HashSet<>();
        shown.forEach(chain -> known.addAll(chain.key.functions));
        Map<String, Integer> rest = new LinkedHashMap<>();
        functions.entrySet().stream()
                .filter(function -> !known.contains(function.getKey()))
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(function -> rest.put(function.getKey(), function.getValue()));
        return rest;
    }

    /** Bytes of free stacks that were not looked at. */
    long unread() {
        return unread;
    }
}

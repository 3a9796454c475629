package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.roots.ThreadRetention;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Goroutines as a terminal can show them: those of one function, state and call stack together, the largest first. */
final class GoroutineGroups {
    private static final int GROUPS_SHOWN = 40;
    private static final int FRAMES_SHOWN = 12;
    private static final int LABELS_SHOWN = 4;

    /** What goroutines of a group have in common. */
    private record Key(
            String name,
            boolean system,
            String state,
            @Nullable String waitReason,
            List<StackFrame> frames) {}

    /** Equal goroutines with the sums of what they retain. */
    private static final class Group {
        private final Key key;
        private final long[] frameBytes;
        private final Map<String, Integer> labels = new TreeMap<>();
        private long id = -1;
        private int count;
        private long retained;
        private long stacks;
        private long longestWait = -1;

        Group(Key key) {
            this.key = key;
            this.frameBytes = new long[key.frames.size()];
        }

        void add(ThreadRetention retention) {
            DumpThread thread = retention.thread();
            count++;
            id = thread.id();
            retained += retention.retainedBytes().orElse(0);
            stacks += Math.max(0, thread.stackBytes());
            longestWait = Math.max(longestWait, thread.waitNanos());
            for (int i = 0; i < frameBytes.length; i++) {
                frameBytes[i] += retention.frameBytes().get(i).orElse(0);
            }
            thread.labels().forEach((name, value) -> labels.merge(name + "=" + value, 1, Integer::sum));
        }

        long retained() {
            return retained;
        }

        int count() {
            return count;
        }
    }

    private final List<Group> groups;
    private final int goroutines;

    private GoroutineGroups(List<Group> groups, int goroutines) {
        this.groups = groups;
        this.goroutines = goroutines;
    }

    static GoroutineGroups of(List<ThreadRetention> threads) {
        Map<Key, Group> groups = new LinkedHashMap<>();
        for (ThreadRetention retention : threads) {
            DumpThread thread = retention.thread();
            Key key = new Key(thread.name(), thread.system(), thread.state(), thread.waitReason(), thread.frames());
            groups.computeIfAbsent(key, Group::new).add(retention);
        }
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparing((Group group) -> group.key.system)
                .thenComparing(Comparator.comparingLong(Group::retained).reversed())
                .thenComparing(Comparator.comparingInt(Group::count).reversed())
                .thenComparing(group -> group.key.name));
        return new GoroutineGroups(sorted, threads.size());
    }

    /** Prints the groups; all of them with all frames, or what fits a few screens. */
    void print(PrintWriter out, boolean all) {
        int shown = all ? groups.size() : Math.min(groups.size(), GROUPS_SHOWN);
        for (Group group : groups.subList(0, shown)) {
            print(out, group, all);
            out.println();
        }
        if (shown < groups.size()) {
            out.printf(
                    Locale.ROOT,
                    "... and %,d more groups with %,d goroutines (--frames shows them)%n",
                    groups.size() - shown,
                    groups.subList(shown, groups.size()).stream()
                            .mapToInt(Group::count)
                            .sum());
        }
        out.printf(
                Locale.ROOT,
                "%,d goroutines in %,d groups of one stack; bytes at a frame: what its variables alone retain%n",
                goroutines,
                groups.size());
    }

    private static void print(PrintWriter out, Group group, boolean all) {
        Key key = group.key;
        out.printf(
                Locale.ROOT,
                "%s %s%s%s%s%s; retain%s %s, stack%s %s%n",
                group.count == 1 ? "#" + group.id : Quantities.count(group.count) + " goroutines",
                TextTable.printable(key.name),
                key.system ? ", system" : "",
                key.state.isEmpty() ? "" : ", " + key.state,
                key.waitReason == null ? "" : " (" + TextTable.printable(key.waitReason) + ")",
                waited(group),
                group.count == 1 ? "s" : "",
                Quantities.bytes(group.retained),
                group.count == 1 ? "" : "s",
                Quantities.bytes(group.stacks));
        if (!group.labels.isEmpty()) {
            out.println("  labels " + labels(group));
        }
        List<StackFrame> frames = key.frames;
        for (int i = 0; i < frames.size(); i++) {
            long bytes = group.frameBytes[i];
            if (all || i < FRAMES_SHOWN || bytes > 0) {
                out.printf(
                        Locale.ROOT,
                        "  %10s  %s (%s)%n",
                        bytes > 0 ? Quantities.bytes(bytes) : "",
                        TextTable.printable(frames.get(i).function()),
                        ThreadsReport.place(frames.get(i)));
            }
        }
        if (!all && frames.size() > FRAMES_SHOWN) {
            out.printf(Locale.ROOT, "              %,d frames in all (--frames shows them)%n", frames.size());
        }
    }

    private static String waited(Group group) {
        long seconds = group.longestWait / 1_000_000_000L;
        if (seconds <= 0) {
            return "";
        }
        String time = seconds < 60 ? seconds + " s" : Quantities.count(seconds / 60) + " min";
        return group.count == 1 ? " for " + time : " for at most " + time;
    }

    private static String labels(Group group) {
        StringJoiner text = new StringJoiner(", ");
        int left = group.labels.size();
        for (Map.Entry<String, Integer> label : group.labels.entrySet()) {
            if (left == group.labels.size() - LABELS_SHOWN) {
                text.add("and " + left + " more");
                break;
            }
            String times = label.getValue() == group.count ? "" : " (" + Quantities.count(label.getValue()) + ")";
            text.add(Quantities.shortened(TextTable.printable(label.getKey()), 60) + times);
            left--;
        }
        return text.toString();
    }
}

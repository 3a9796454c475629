package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ThreadRetention;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Threads of a JVM as a terminal can show them: those of one pool, state and call stack together, the largest first.
 * Used by one thread.
 */
final class JavaThreadGroups {
    private static final int GROUPS_SHOWN = 40;
    private static final int FRAMES_SHOWN = 12;

    private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

    /** The frame in which a virtual thread's stack begins. */
    private static final String ENTER = "jdk.internal.vm.Continuation.enter";

    /** What threads of a group have in common; names that differ in digits are one name. */
    private record Key(
            String name,
            DumpThread.Kind kind,
            boolean daemon,
            boolean mounted,
            String state,
            @Nullable String waitReason,
            List<StackFrame> frames) {
        static Key of(DumpThread thread) {
            return new Key(
                    FrameNames.thread(thread.name()),
                    thread.kind(),
                    thread.daemon(),
                    thread.carrier() != 0,
                    thread.state(),
                    thread.waitReason(),
                    thread.frames());
        }
    }

    /** Equal threads with the sums of what they retain. */
    private static final class Group {
        private final Key key;
        private final DumpThread first;
        private final long[] frameBytes;
        private int count;
        private int withoutObject;
        private long retained;
        private long stackBytes;
        private long stackUsed;
        private boolean stacksKnown = true;

        Group(Key key, DumpThread first) {
            this.key = key;
            this.first = first;
            this.frameBytes = new long[key.frames.size()];
        }

        void add(ThreadRetention retention) {
            count++;
            withoutObject += retention.retainedBytes().isPresent() ? 0 : 1;
            retained += retention.retainedBytes().orElse(0);
            StackSpace stack = retention.thread().stack();
            if (stack == null) {
                stacksKnown = false;
            } else {
                stackBytes += stack.bytes();
                stackUsed += stack.used();
            }
            for (int i = 0; i < frameBytes.length; i++) {
                frameBytes[i] += retention.frameBytes().get(i).orElse(0);
            }
        }

        long retained() {
            return retained;
        }

        int count() {
            return count;
        }
    }

    private final List<Group> groups;
    private final int threads;
    private final int virtual;
    private final int mounted;
    private final long chunkBytes;
    private final Map<Long, DumpThread> carriers = new HashMap<>();
    private final Map<Long, DumpThread> carried = new HashMap<>();

    private JavaThreadGroups(List<ThreadRetention> all) {
        int virtualThreads = 0;
        int mountedThreads = 0;
        long bytes = 0;
        for (ThreadRetention retention : all) {
            DumpThread thread = retention.thread();
            if (thread.kind() == DumpThread.Kind.VIRTUAL) {
                virtualThreads++;
                bytes += Math.max(0, thread.stackBytes());
                if (thread.carrier() != 0) {
                    mountedThreads++;
                    carried.put(thread.carrier(), thread);
                }
            }
        }
        Map<Key, Group> byKey = new LinkedHashMap<>();
        for (ThreadRetention retention : all) {
            DumpThread thread = retention.thread();
            if (carried.containsKey(thread.address())) {
                carriers.put(thread.address(), thread);
            }
            byKey.computeIfAbsent(Key.of(thread), key -> new Group(key, thread)).add(retention);
        }
        groups = new ArrayList<>(byKey.values());
        groups.sort(Comparator.comparingLong(Group::retained)
                .thenComparingInt(Group::count)
                .reversed()
                .thenComparing(group -> group.key.name)
                .thenComparing(group -> group.key.state));
        threads = all.size();
        virtual = virtualThreads;
        mounted = mountedThreads;
        chunkBytes = bytes;
    }

    static JavaThreadGroups of(List<ThreadRetention> threads) {
        return new JavaThreadGroups(threads);
    }

    /** Virtual threads that are no threads in the dump: not started, ended, or of a JVM that does not record them. */
    static long unrecorded(HeapSnapshot heap) {
        int type = 0;
        for (DumpType each : heap.types()) {
            type = each.name().equals(VIRTUAL_THREAD) ? each.index() : type;
        }
        if (type == 0) {
            return 0;
        }
        long objects = 0;
        for (int object = 0; object < heap.graph().objectCount(); object++) {
            objects += heap.graph().typeOf(object) == type && heap.reachable(object) ? 1 : 0;
        }
        long recorded = heap.dump().threads().stream()
                .filter(thread -> thread.kind() == DumpThread.Kind.VIRTUAL)
                .count();
        return Math.max(0, objects - recorded);
    }

    /**
     * Prints the groups; all of them with all frames, or what fits a few screens.
     *
     * @param unrecorded so many virtual threads are objects in the dump and no threads
     */
    void print(PrintWriter out, boolean all, long unrecorded) {
        int shown = all ? groups.size() : Math.min(groups.size(), GROUPS_SHOWN);
        for (Group group : groups.subList(0, shown)) {
            out.println(head(group));
            printFrames(out, group, all);
            out.println();
        }
        if (shown < groups.size()) {
            List<Group> left = groups.subList(shown, groups.size());
            out.printf(
                    Locale.ROOT,
                    "... and %,d more groups with %,d threads (--frames shows them)%n",
                    left.size(),
                    left.stream().mapToInt(Group::count).sum());
        }
        out.printf(
                Locale.ROOT,
                "%,d threads%s; bytes at a frame: what its locals alone retain%n",
                threads,
                groups.size() < threads ? " in " + Quantities.count(groups.size()) + " groups of one stack" : "");
        if (virtual > 0) {
            out.printf(
                    Locale.ROOT,
                    "%,d virtual threads: %,d mounted, %,d not, whose stacks take %s of the heap%n",
                    virtual,
                    mounted,
                    virtual - mounted,
                    Quantities.bytes(chunkBytes));
        }
        if (unrecorded > 0) {
            out.printf(
                    Locale.ROOT,
                    "%,d virtual threads are objects only: not started, ended, or of a JVM before 22, which records none"
                            + " and shows a mounted one's frames on its carrier%n",
                    unrecorded);
        }
        out.println("stacks of platform threads are native memory, which HPROF does not record");
    }

    private String head(Group group) {
        Key key = group.key;
        StringBuilder text = new StringBuilder();
        if (group.count == 1) {
            text.append(TextTable.printable(group.first.name())).append("  #").append(group.first.id());
        } else {
            text.append(TextTable.printable(key.name)).append("  ").append(Quantities.count(group.count));
        }
        boolean isVirtual = key.kind == DumpThread.Kind.VIRTUAL;
        text.append(' ').append(key.kind.name().toLowerCase(Locale.ROOT));
        text.append(key.daemon && !isVirtual ? " daemon" : "");
        text.append(group.count == 1 ? "" : " threads");
        text.append(where(group));
        text.append(key.state.isEmpty() ? "" : ", " + key.state);
        text.append(key.waitReason == null ? "" : " (" + key.waitReason + ")");
        if (group.withoutObject == group.count) {
            return text.append(", thread object not in the dump").toString();
        }
        text.append(group.count == 1 ? ", retains " : ", retain ").append(Quantities.bytes(group.retained));
        if (group.stacksKnown && group.stackBytes > 0) {
            text.append(group.count == 1 ? ", stack " : ", stacks ")
                    .append(Quantities.bytes(group.stackBytes))
                    .append(" (")
                    .append(Quantities.bytes(group.stackUsed))
                    .append(" used)");
        }
        return text.toString();
    }

    /** Whether a virtual thread has a carrier, and whom a carrier carries. */
    private String where(Group group) {
        DumpThread thread = group.first;
        if (thread.kind() == DumpThread.Kind.VIRTUAL) {
            DumpThread carrier = carriers.get(thread.carrier());
            if (group.key.mounted) {
                return group.count == 1 && carrier != null
                        ? ", mounted on " + TextTable.printable(carrier.name())
                        : ", mounted";
            }
            return thread.stack() == null ? "" : ", unmounted";
        }
        DumpThread rider = carried.get(thread.address());
        if (rider != null) {
            return group.count == 1 ? ", carries " + TextTable.printable(rider.name()) : ", carriers";
        }
        return thread.frames().stream().anyMatch(frame -> frame.function().equals(ENTER))
                ? ", with the frames of a virtual thread on top"
                : "";
    }

    private static void printFrames(PrintWriter out, Group group, boolean all) {
        List<StackFrame> frames = group.key.frames;
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
}

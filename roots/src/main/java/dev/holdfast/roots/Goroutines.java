package dev.holdfast.roots;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The goroutines of a program by the function that they began with; immutable once made. */
final class Goroutines {
    /** Fewer are no crowd. */
    private static final int CROWD = 1000;

    /** So much of heap and stacks together makes a crowd a suspect. */
    private static final double SHARE = 0.1;

    /** What so many of a crowd have in common is said of it. */
    private static final double NEARLY_ALL = 0.9;

    private final Map<String, Crowd> crowds = new HashMap<>();
    private long allStacks;

    /** The goroutines of one function. */
    private static final class Crowd {
        private long count;
        private long stackBytes;
        private boolean stacksKnown = true;
        private final Map<String, Integer> reasons = new HashMap<>();
        private final Map<String, Integer> places = new HashMap<>();
        private final Map<String, Integer> creators = new HashMap<>();
    }

    Goroutines(List<DumpThread> threads) {
        for (DumpThread thread : threads) {
            if (thread.kind() == DumpThread.Kind.GOROUTINE) {
                add(crowds.computeIfAbsent(thread.name(), made -> new Crowd()), thread);
            }
        }
    }

    private void add(Crowd crowd, DumpThread thread) {
        crowd.count++;
        crowd.stackBytes += Math.max(0, thread.stackBytes());
        crowd.stacksKnown &= thread.stackBytes() >= 0;
        allStacks += Math.max(0, thread.stackBytes());
        String reason = thread.waitReason();
        crowd.reasons.merge(reason == null ? thread.state() : reason, 1, Integer::sum);
        String creator = thread.creator();
        crowd.creators.merge(creator == null ? "" : creator, 1, Integer::sum);
        crowd.places.merge(place(thread), 1, Integer::sum);
    }

    /** The innermost function that is not the runtime's. */
    private static String place(DumpThread thread) {
        for (StackFrame frame : thread.frames()) {
            if (!frame.wrapper() && !frame.function().startsWith("runtime.")) {
                return frame.function();
            }
        }
        return "";
    }

    long count(String function) {
        Crowd crowd = crowds.get(function);
        return crowd == null ? 0 : crowd.count;
    }

    /** Memory of their stacks, -1 where it is not known. */
    long stackBytes(String function) {
        Crowd crowd = crowds.get(function);
        return crowd == null || !crowd.stacksKnown ? -1 : crowd.stackBytes;
    }

    /** What nearly all of them wait for, or null. */
    @Nullable
    String waiting(String function) {
        Crowd crowd = crowds.get(function);
        return crowd == null ? null : common(crowd.reasons, crowd.count);
    }

    /** The function that nearly all of them stand in, or null. */
    @Nullable
    String place(String function) {
        Crowd crowd = crowds.get(function);
        return crowd == null ? null : common(crowd.places, crowd.count);
    }

    /** The function that started nearly all of them, or null. */
    @Nullable
    String creator(String function) {
        Crowd crowd = crowds.get(function);
        return crowd == null ? null : common(crowd.creators, crowd.count);
    }

    private static @Nullable String common(Map<String, Integer> counts, long all) {
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (!entry.getKey().isEmpty() && entry.getValue() >= NEARLY_ALL * all) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** Functions with very many goroutines, whose stacks alone are a large part of heap and stacks. */
    List<String> crowds(long heapBytes) {
        List<String> large = new ArrayList<>();
        crowds.forEach((function, crowd) -> {
            if (crowd.count >= CROWD && crowd.stackBytes >= SHARE * (heapBytes + allStacks)) {
                large.add(function);
            }
        });
        large.sort(null);
        return large;
    }
}

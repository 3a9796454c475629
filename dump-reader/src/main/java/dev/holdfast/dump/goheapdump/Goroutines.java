package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.io.LongList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The goroutines of a heap dump with their frames and what those point to, as the records come. */
final class Goroutines {
    /**
     * A goroutine with its stack.
     *
     * @param record what the dump says of it
     * @param frames leaf first
     * @param pointers what it holds, as pairs of the frame (-1 for the goroutine itself) and the address
     */
    record Goroutine(GoroutineRecord record, List<FrameRecord> frames, LongList pointers) {
        /** The function that it was started with. */
        String entry() {
            return Calls.entry(frames);
        }
    }

    /** A function as far as frames show it. */
    private record Seen(String name, long furthest) {}

    private final List<Goroutine> all = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final TreeMap<Long, Seen> functions = new TreeMap<>(Long::compareUnsigned);

    void begin(GoroutineRecord record) {
        all.add(new Goroutine(record, new ArrayList<>(), new LongList()));
        held(record.context());
    }

    /** A frame of the goroutine last begun; false if there is none. */
    boolean frame(long sp, long size, long contents, long entry, long pc, String function) {
        if (all.isEmpty()) {
            return false;
        }
        String name = names.computeIfAbsent(function, f -> f);
        functions.merge(
                entry,
                new Seen(name, pc),
                (a, b) -> Long.compareUnsigned(a.furthest, b.furthest) < 0 ? new Seen(a.name, b.furthest) : a);
        last().frames.add(new FrameRecord(name, sp, size, contents, entry, pc));
        return true;
    }

    private Goroutine last() {
        return all.get(all.size() - 1);
    }

    /** Something the frame last begun points to. */
    void pointer(long target) {
        hold(last().frames.size() - 1, target);
    }

    /** Something the goroutine last begun holds beside its frames. */
    void held(long target) {
        hold(-1, target);
    }

    private void hold(int by, long target) {
        if (target != 0 && !all.isEmpty()) {
            LongList pointers = last().pointers;
            pointers.add(by);
            pointers.add(target);
        }
    }

    List<Goroutine> all() {
        return all;
    }

    /** The function that has a program counter, if some frame stands as far into it or further; else null. */
    @Nullable
    String functionAt(long pc) {
        Map.Entry<Long, Seen> seen = functions.floorEntry(pc);
        return seen != null && Long.compareUnsigned(pc, seen.getValue().furthest) <= 0 ? seen.getValue().name : null;
    }

    /** Where functions begin, by name; of those that stand in a frame. */
    Map<String, Long> entries() {
        Map<String, Long> entries = new TreeMap<>();
        functions.forEach((entry, seen) -> entries.put(seen.name, entry));
        return entries;
    }
}

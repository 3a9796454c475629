package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the condition variables that goroutines of releases before Go 1.26 wait for.
 *
 * <p>Nothing of the runtime's leads from such a goroutine to the list it stands in (runtime.notifyList), but the frame of
 * {@code sync.(*Cond).Wait} holds the condition. So each word there is tried as one, and taken if its list has a record of
 * this very goroutine. Used by one thread.
 */
final class ConditionWaiters {
    /** The functions that are on the stack above the caller of {@code sync.(*Cond).Wait}. */
    private static final Set<String> FRAMES =
            Set.of("runtime.gopark", "runtime.goparkunlock", "sync.runtime_notifyListWait", "sync.(*Cond).Wait");

    /** In sync.Cond the list comes behind the lock, an interface. */
    private static final int LIST_IN_CONDITION = 16;

    /** In the list the first record comes behind two numbers of 32 bits and a lock. */
    private static final int HEAD = 16;

    /** The last record follows the first. */
    private static final int TAIL = 8;

    private static final int LARGEST_FRAME = 1 << 12;

    /** Steps along lists in all, for each goroutine and once: enough for any real dump, and the end for a damaged one. */
    private static final long STEPS_FOR_EACH = 16;

    private static final long STEPS_AT_LEAST = 1 << 20;

    private final MemoryReader reader;
    private final GoroutineTable goroutines;
    private final int head;
    private final int next;
    private final int owner;
    private final Map<Long, Long> recordOf = new HashMap<>();
    private final Map<Long, Long> listOf = new HashMap<>();
    private final Set<Long> tried = new HashSet<>();
    private long steps;

    ConditionWaiters(GoProgram program, GoroutineTable goroutines) {
        reader = program.reader();
        this.goroutines = goroutines;
        RuntimeLayout layout = program.layout();
        StructLayout sudog = layout.struct("runtime.sudog");
        head = layout.hasStruct("runtime.notifyList")
                ? layout.struct("runtime.notifyList").offset("head")
                : HEAD;
        next = sudog.offset("next");
        owner = sudog.offset("g");
        steps = STEPS_AT_LEAST + STEPS_FOR_EACH * goroutines.all().size();
    }

    /** The goroutine's record, or 0. */
    long record(Goroutine goroutine, List<GoFrame> frames) {
        for (GoFrame frame : frames) {
            if (recordOf.containsKey(goroutine.address())
                    || !FRAMES.contains(frame.function().name())) {
                break;
            }
            long bytes = Math.min(frame.bytes(), LARGEST_FRAME);
            for (long at = 0; at < bytes; at += Long.BYTES) {
                tryWord(goroutine, frame.sp() + at);
            }
        }
        return recordOf.getOrDefault(goroutine.address(), 0L);
    }

    private void tryWord(Goroutine goroutine, long slot) {
        try {
            long list = reader.word(slot) + LIST_IN_CONDITION;
            // Frames refer to frames, and these to records.
            if ((list & 7) == 0 && !goroutine.onStack(list) && tried.add(list)) {
                walk(list);
            }
        } catch (MissingMemoryException e) {
            // It is no condition.
            return;
        }
    }

    /** The list in which the goroutine's record stands, or 0. */
    long list(Goroutine goroutine) {
        return listOf.getOrDefault(goroutine.address(), 0L);
    }

    /** Takes the records of what may be a list, if all are goroutines' and the last is the one that it calls so. */
    private void walk(long list) {
        List<Long> records = new ArrayList<>();
        long last = 0;
        for (long at = reader.word(list + head); at != 0; at = reader.word(at + next)) {
            if ((at & 7) != 0 || goroutines.at(reader.word(at + owner)) == null || --steps < 0) {
                return;
            }
            records.add(at);
            last = at;
        }
        if (last == 0 || last != reader.word(list + head + TAIL)) {
            return;
        }
        for (long record : records) {
            recordOf.putIfAbsent(reader.word(record + owner), record);
            listOf.putIfAbsent(reader.word(record + owner), list);
        }
    }
}

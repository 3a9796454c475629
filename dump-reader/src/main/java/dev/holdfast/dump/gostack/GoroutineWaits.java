package dev.holdfast.dump.gostack;

import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.dump.ThreadWaits.Kind;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what blocked goroutines wait for, from the records (runtime.sudog) that the runtime keeps of them.
 *
 * <p>Of channels, and since Go 1.26 of locks, a goroutine has a list of these. Before, those that wait for a semaphore stand
 * in a table of the runtime, and those that wait for a condition variable in a list that only this one has; it is found
 * through the stack. A record counts only if it names the goroutine; where none is found, what it waits for is unknown.
 * Used by one thread.
 */
public final class GoroutineWaits {
    private static final Set<String> FOREVER =
            Set.of("chan receive (nil chan)", "chan send (nil chan)", "select (no cases)");

    private static final Set<String> CHANNELS = Set.of("chan receive", "chan send", "select");

    private static final Set<String> SEMAPHORES =
            Set.of("semacquire", "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait");

    private static final String CONDITION = "sync.Cond.Wait";

    /** What is synchronized by other means, or in a test's bubble: the dump does not tell what would wake it. */
    private static final Set<String> OTHERS = Set.of(
            "coroutine",
            "chan receive (durable)",
            "chan send (durable)",
            "select (durable)",
            "chan receive (synctest)",
            "chan send (synctest)",
            "select (synctest)",
            "sync.WaitGroup.Wait (durable)");

    /** A select may have 65536 cases (reflect.Select, runtime.selectgo). */
    private static final int MOST_RECORDS = 1 << 16;

    /** Of all goroutines together so many, so that damaged lists that run in circles come to an end. */
    private static final long MOST_IN_ALL = 1L << 26;

    private final GoStacks stacks;
    private final MemoryReader reader;
    private final RuntimeLayout layout;
    private final ThreadWaits.Builder waits = new ThreadWaits.Builder();
    private final StructLayout sudog;
    private final int waiting;
    private final int channel;
    private final int element;
    private final Map<Long, Long> semaphores;
    private final ConditionWaiters conditions;
    private long left = MOST_IN_ALL;

    private GoroutineWaits(GoProgram program, GoroutineTable goroutines, GoStacks stacks) {
        this.stacks = stacks;
        reader = program.reader();
        layout = program.layout();
        sudog = layout.struct("runtime.sudog");
        waiting = layout.struct("runtime.g").offset("waiting");
        channel = pointer("c", "c.maybeTraceablePtr.vu");
        element = pointer("elem", "elem.vu");
        semaphores = new SemaphoreTable(program, goroutines, element).waiters();
        conditions = new ConditionWaiters(program, goroutines);
    }

    /** Of all goroutines, in the order of the table; of none if this release's records are not known. */
    public static ThreadWaits of(GoProgram program, GoroutineTable goroutines, GoStacks stacks) {
        List<Goroutine> all = goroutines.all();
        try {
            GoroutineWaits waits = new GoroutineWaits(program, goroutines, stacks);
            all.forEach(waits::add);
            return waits.waits.build();
        } catch (UnknownLayoutException e) {
            return ThreadWaits.NONE;
        }
    }

    /** Since Go 1.26 there are two words, one of which the collector may have cleared while it looks for leaks. */
    private int pointer(String field, String untraced) {
        return sudog.has(untraced) ? sudog.offset(untraced) : sudog.offset(field);
    }

    private void add(Goroutine goroutine) {
        String reason = goroutine.waitReason();
        boolean blocked =
                goroutine.state().equals("waiting") || goroutine.state().equals("leaked");
        if (!blocked || goroutine.system()) {
            waits.thread(Kind.FREE);
        } else if (reason == null || OTHERS.contains(reason)) {
            waits.thread(Kind.UNKNOWN);
        } else if (FOREVER.contains(reason)) {
            waits.thread(Kind.FOREVER);
        } else if (CHANNELS.contains(reason)) {
            channels(goroutine, reason);
        } else if (SEMAPHORES.contains(reason) || reason.equals(CONDITION)) {
            locked(goroutine, reason.equals(CONDITION));
        } else {
            waits.thread(Kind.FREE);
        }
    }

    private void channels(Goroutine goroutine, String reason) {
        try {
            long first = reader.word(goroutine.address() + waiting);
            if (first == 0 && reason.equals("select")) {
                // Cases with nil channels have no record: all are.
                waits.thread(Kind.FOREVER);
                return;
            }
            int count = whole(goroutine, first);
            waits.thread(count > 0 ? Kind.OBJECTS : Kind.UNKNOWN);
            long record = first;
            for (int i = 0; i < count; i++) {
                waits.object(reader.word(record + channel)).record(record);
                record = reader.word(record + sudog.offset("waitlink"));
            }
        } catch (MissingMemoryException e) {
            waits.thread(Kind.UNKNOWN);
        }
    }

    /** How many records there are if all of them are this goroutine's and name a channel, else 0. */
    private int whole(Goroutine goroutine, long first) {
        int count = 0;
        for (long at = first; at != 0; at = reader.word(at + sudog.offset("waitlink"))) {
            if (reader.word(at + sudog.offset("g")) != goroutine.address()
                    || reader.word(at + channel) == 0
                    || ++count > MOST_RECORDS
                    || --left < 0) {
                return 0;
            }
        }
        return count;
    }

    private void locked(Goroutine goroutine, boolean condition) {
        try {
            // Of a semaphore, other waiters follow in the record's own list, so that only the first is this
            // goroutine's.
            long record = reader.word(goroutine.address() + waiting);
            if (record == 0) {
                record = condition
                        ? conditions.record(goroutine, stacks.stack(goroutine).frames())
                        : semaphores.getOrDefault(goroutine.address(), 0L);
            }
            boolean mine = record != 0 && reader.word(record + sudog.offset("g")) == goroutine.address();
            long object = !mine ? 0 : reader.word(record + element);
            if (mine && object == 0 && condition) {
                object = conditions.list(goroutine);
            }
            if (object == 0) {
                waits.thread(Kind.UNKNOWN);
            } else {
                waits.thread(Kind.OBJECTS).object(object).record(record);
            }
        } catch (MissingMemoryException e) {
            waits.thread(Kind.UNKNOWN);
        }
    }
}

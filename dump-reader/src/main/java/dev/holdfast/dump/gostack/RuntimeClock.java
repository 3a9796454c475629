package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;

/**
 * What time it was on the runtime's monotonic clock when the dump was taken: the latest time that it noted anywhere.
 *
 * <p>The scheduler notes times at least every 10 ms while anything runs, so waits come out too short by as long as the
 * whole program had been idle.
 */
final class RuntimeClock {
    private static final int MOST_PROCESSORS = 1 << 16;

    private final RuntimeLayout layout;
    private final MemoryReader reader;
    private long latest;

    RuntimeClock(GoProgram program) {
        layout = program.layout();
        reader = program.reader();
    }

    /** The time in nanoseconds, 0 where nothing is known. */
    long now() {
        note("runtime.sched", "runtime.schedt", "lastpoll");
        note("runtime.sched", "runtime.schedt", "procresizetime");
        note("runtime.memstats", "runtime.mstats", "last_gc_nanotime");
        try {
            processors();
        } catch (MissingMemoryException | UnknownLayoutException e) {
            return latest;
        }
        return latest;
    }

    private void processors() {
        StructLayout p = layout.struct("runtime.p");
        long list = layout.address("runtime.allp");
        long first = reader.word(list);
        long count = Math.min(reader.word(list + 8), MOST_PROCESSORS);
        for (long i = 0; i < count; i++) {
            long processor = reader.word(first + 8 * i);
            if (processor != 0) {
                note(processor, p, "sysmontick.schedwhen");
                note(processor, p, "sysmontick.syscallwhen");
            }
        }
    }

    private void note(String variable, String struct, String field) {
        if (layout.hasAddress(variable) && layout.hasStruct(struct)) {
            try {
                note(layout.address(variable), layout.struct(struct), field);
            } catch (MissingMemoryException e) {
                // Another field may be there.
                latest = Math.max(latest, 0);
            }
        }
    }

    private void note(long address, StructLayout struct, String field) {
        if (struct.has(field)) {
            latest = Math.max(latest, reader.word(address + struct.offset(field)));
        }
    }
}

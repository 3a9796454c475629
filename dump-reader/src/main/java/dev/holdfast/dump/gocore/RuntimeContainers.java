package dev.holdfast.dump.gocore;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.StructLayout;
import java.util.BitSet;

/**
 * The runtime's own lists of goroutines, threads and processors: they keep every goroutine alive, but whoever asks what
 * holds a goroutine wants another answer. So their references to goroutines that have a node of their own are left out.
 */
final class RuntimeContainers {
    /** No process has more threads. */
    private static final int MOST_THREADS = 1 << 22;

    private final BitSet slots = new BitSet();
    private final SpanTable spans;

    RuntimeContainers(GoProgram program, SpanTable spans) {
        this.spans = spans;
        MemoryReader reader = program.reader();
        RuntimeLayout layout = program.layout();
        try {
            if (layout.hasAddress("runtime.allgs")) {
                add(reader.word(layout.address("runtime.allgs")));
            }
            if (layout.hasAddress("runtime.allm")) {
                StructLayout m = layout.struct("runtime.m");
                long thread = reader.word(layout.address("runtime.allm"));
                for (int i = 0; i < MOST_THREADS && thread != 0; i++) {
                    add(thread);
                    thread = reader.word(thread + m.offset("alllink"));
                }
            }
            if (layout.hasAddress("runtime.allp")) {
                long list = reader.word(layout.address("runtime.allp"));
                long count = reader.word(layout.address("runtime.allp") + 8);
                add(list);
                for (long i = 0; i < count && i < MOST_THREADS; i++) {
                    add(reader.word(list + 8 * i));
                }
            }
        } catch (MissingMemoryException e) {
            program.warnings()
                    .loss("runtime-lists", e.address(), "lists of goroutines or threads break off in the core", 1);
        }
    }

    private void add(long address) {
        int slot = spans.slotAt(address);
        if (slot >= 0) {
            slots.set(slot);
        }
    }

    /** Whether the object in a slot is one of them. */
    boolean contains(int slot) {
        return slots.get(slot);
    }
}

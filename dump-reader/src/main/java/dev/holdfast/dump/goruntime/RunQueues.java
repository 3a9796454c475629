package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finalizers and cleanups whose objects were found unreachable and that wait to run; immutable and thread-safe.
 *
 * <p>Both queues are blocks outside the heap, listed by {@code runtime.allfin} and (since Go 1.25; before, cleanups wait in
 * the finalizers' queue) {@code runtime.gcCleanups}. The collector scans them as roots.
 */
public final class RunQueues {
    /** Which queue. */
    public enum Queue {
        /** Functions with the objects they are called with. */
        FINALIZERS,
        /** Functions with their arguments. */
        CLEANUPS
    }

    /** Receives what waits. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A pointer, perhaps into the heap; never 0.
         *
         * @param queue which queue
         * @param entry number of the entry in its queue, in the queue's order
         * @param field the runtime's name for it: {@code fn}, {@code arg} (the object of a finalizer), ...
         * @param address where it lies, outside the heap
         * @param target what it points to
         */
        void pointer(Queue queue, long entry, String field, long address, long target);
    }

    /** More blocks than any memory has (512 bytes each in 2^40). */
    private static final int MAX_BLOCKS = 1 << 22;

    private final GoProgram program;

    /** Of a program. */
    public RunQueues(GoProgram program) {
        this.program = program;
    }

    /** Visits all that waits. What is damaged or missing is left out and counted as a loss. */
    public void visit(MemoryReader reader, Visitor visitor) {
        RuntimeLayout layout = program.layout();
        if (layout.hasAddress("runtime.allfin")) {
            StructLayout block =
                    layout.struct(layout.hasStruct("runtime.finBlock") ? "runtime.finBlock" : "runtime.finblock");
            Blocks blocks = new Blocks(
                    Queue.FINALIZERS,
                    layout.address("runtime.allfin"),
                    block.offset("alllink"),
                    block.offset("cnt"),
                    block.offset("fin"),
                    block.width("fin"),
                    Entry.of(layout.struct("runtime.finalizer"), "fn", "arg", "fint", "ot"));
            walk(reader, blocks, visitor);
        }
        if (layout.hasAddress("runtime.gcCleanups")) {
            StructLayout block = layout.struct("runtime.cleanupBlock");
            StructLayout queue = layout.struct("runtime.cleanupQueue");
            // Go 1.25 queues the bare function, which has its argument bound.
            Entry entry = layout.hasStruct("runtime.cleanupFn")
                    ? Entry.of(layout.struct("runtime.cleanupFn"), "call", "fn", "arg")
                    : new Entry(8, List.of(new PointerField("fn", 0)));
            Blocks blocks = new Blocks(
                    Queue.CLEANUPS,
                    layout.address("runtime.gcCleanups") + queue.offset("all"),
                    header(block, "alllink"),
                    header(block, "n"),
                    block.offset("cleanups"),
                    block.width("cleanups"),
                    entry);
            walk(reader, blocks, visitor);
        }
    }

    private static int header(StructLayout block, String field) {
        return block.has(field) ? block.offset(field) : block.offset("cleanupBlockHeader." + field);
    }

    private void walk(MemoryReader reader, Blocks blocks, Visitor visitor) {
        try {
            Set<Long> seen = new HashSet<>();
            long number = 0;
            long block = reader.word(blocks.head);
            while (block != 0) {
                if (!seen.add(block) || seen.size() > MAX_BLOCKS) {
                    damaged(block);
                    return;
                }
                long count = reader.u32(block + blocks.count);
                if (count * blocks.entry.size > blocks.width) {
                    damaged(block);
                    count = 0;
                }
                for (long i = 0; i < count; i++) {
                    entry(reader, blocks, number++, block + blocks.entries + i * blocks.entry.size, visitor);
                }
                block = reader.word(block + blocks.next);
            }
        } catch (MissingMemoryException e) {
            damaged(e.address());
        }
    }

    private static void entry(MemoryReader reader, Blocks blocks, long number, long address, Visitor visitor) {
        for (PointerField field : blocks.entry.fields) {
            long at = address + field.offset();
            long target = reader.word(at);
            if (target != 0) {
                visitor.pointer(blocks.queue, number, field.name(), at, target);
            }
        }
    }

    private void damaged(long address) {
        program.warnings().loss("queue-damaged", address, "queues of finalizers or cleanups break off", 1);
    }

    private record Entry(long size, List<PointerField> fields) {
        static Entry of(StructLayout layout, String... paths) {
            return new Entry(layout.size(), PointerField.of(layout, paths));
        }
    }

    /** A list of blocks: where it starts, and where a block has its link, its count and its entries. */
    private record Blocks(Queue queue, long head, int next, int count, int entries, int width, Entry entry) {}
}

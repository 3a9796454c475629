package dev.holdfast.dump.hprof;

import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.StackSpace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of virtual threads that are not on a carrier: objects of {@code jdk.internal.vm.StackChunk}, of which a dump
 * shows the number of words but not the words (hprof.md 4.4). Stateless beside what it reads.
 */
final class StackChunks {
    /** A stack is one or two chunks; a chain that goes on for longer is damage. */
    private static final int MOST_CHUNKS = 1000;

    private final JavaHeap heap;
    private final ObjectSizing sizing;

    StackChunks(JavaHeap heap, ObjectSizing sizing) {
        this.heap = heap;
        this.sizing = sizing;
    }

    /**
     * The chunks of a virtual thread, 0 bytes if it never ran; null where the dump does not tell: of a mounted thread, which
     * stands on its carrier's native stack, and where sizes follow Eclipse Memory Analyzer's rules.
     *
     * @param thread a {@code java.lang.VirtualThread}
     */
    @Nullable
    StackSpace stackOf(RecordedObject thread) throws IOException {
        // The subclass's field comes first: Thread has one of this name too, of what is mounted on it.
        RecordedObject continuation = heap.read(thread.reference("cont"));
        if (continuation == null || JavaHeap.number(continuation, "mounted", 1) != 0) {
            return null;
        }
        long free = 0;
        long used = 0;
        long rest = 0;
        long address = continuation.reference("tail");
        for (int i = 0; address != 0 && i < MOST_CHUNKS; i++) {
            RecordedObject chunk = heap.read(address);
            StackSpace space = chunk == null
                    ? null
                    : sizing.stackChunk((int) JavaHeap.number(chunk, "size", 0), (int) JavaHeap.number(chunk, "sp", 0));
            if (chunk == null || space == null) {
                return null;
            }
            free += space.free();
            used += space.used();
            rest += space.rest();
            address = chunk.reference("parent");
        }
        return new StackSpace(free, used, rest);
    }
}

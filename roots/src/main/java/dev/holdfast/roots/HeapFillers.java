package dev.holdfast.roots;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * Tells arrays with which the collector fills gaps from arrays that the program has dropped.
 *
 * <p>A filler of the dump is an {@code int[]} (hprof.md 0 fact 6). Nothing refers to it, the next object begins where it
 * ends, or a page does, and what it contains was never written: it is zero, or what objects left there that lay there
 * before. That the program's own arrays can look so too makes it an inference. Used by one thread.
 */
final class HeapFillers {
    private static final Set<String> TYPES =
            Set.of("jdk.internal.vm.FillerArray", "jdk.internal.vm.FillerElement[]", "jdk.internal.vm.FillerObject");
    private static final int PAGE = 4096;
    private static final int LOOKED_AT = 64;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final int headerBytes;
    private final long lowest;
    private final long highest;

    HeapFillers(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
        this.headerBytes = heap.dump().layoutInfo().headerBytes();
        int objects = graph.objectCount();
        this.lowest = objects == 0 ? 0 : graph.addressOf(0);
        this.highest = objects == 0 ? 0 : graph.addressOf(objects - 1);
    }

    /** Whether the virtual machine has the type for fillers alone. */
    static boolean isFillerType(String type) {
        return TYPES.contains(type);
    }

    /** Whether an {@code int[]} that nothing refers to is a filler. */
    boolean isFiller(int array) {
        long address = graph.addressOf(array);
        long end = address + graph.shallowSize(array);
        boolean adjacent = array + 1 < graph.objectCount() && graph.addressOf(array + 1) == end;
        if (!adjacent && end % PAGE != 0) {
            return false;
        }
        return isUnwritten(address);
    }

    private boolean isUnwritten(long address) {
        long[] words;
        try {
            words = heap.dump().readElements(address, 0, LOOKED_AT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean zero = true;
        for (int i = 0; i < words.length; i++) {
            long word = words[i] & 0xffffffffL;
            zero &= word == 0;
            if (isAddress(word) || isAddress(word << 3) || isMarkWord(words, i)) {
                return true;
            }
        }
        return zero;
    }

    /** The mark word of an object that nobody has locked or hashed: a 1, then nothing, with compact headers the class. */
    private boolean isMarkWord(long[] words, int i) {
        if (words[i] != 1 || i + 1 == words.length) {
            return false;
        }
        boolean compact = headerBytes == 8;
        boolean aligned = (i + (compact ? 1 : 0)) % 2 == 0;
        return aligned && (words[i + 1] == 0) != compact;
    }

    private boolean isAddress(long word) {
        return Long.compareUnsigned(word, lowest) >= 0 && Long.compareUnsigned(word, highest) <= 0 && word % 8 == 0;
    }
}

package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Variables on a stack whose address is taken, and which of them are reached; for one thread, reused. */
final class LiveStackObjects {
    private static final int WORD = 8;

    private final MemoryReader reader;
    private final List<StackObject> objects = new ArrayList<>();
    private final ArrayDeque<Long> precise = new ArrayDeque<>();
    private final ArrayDeque<Long> conservative = new ArrayDeque<>();
    private long low;
    private long high;

    LiveStackObjects(MemoryReader reader) {
        this.reader = reader;
    }

    void start(long stackLow, long stackHigh) {
        low = stackLow;
        high = stackHigh;
        objects.clear();
        precise.clear();
        conservative.clear();
    }

    void add(StackObject object) {
        objects.add(object);
    }

    /** Takes a pointer into the stack. */
    void pointer(long value, boolean uncertain) {
        (uncertain ? conservative : precise).add(value);
    }

    /** Adds the slots of the objects that are reached, sorted by frame and address. */
    void trace(SlotBuffer slots) {
        if (objects.isEmpty()) {
            return;
        }
        objects.sort(Comparator.comparingLong(object -> object.start() - low));
        BitSet seen = new BitSet();
        BitSet uncertain = new BitSet();
        while (!precise.isEmpty() || !conservative.isEmpty()) {
            // Precise pointers first, so that what has one is scanned precisely.
            boolean guess = precise.isEmpty();
            int index = find(guess ? conservative.remove() : precise.remove());
            if (index >= 0 && !seen.get(index)) {
                seen.set(index);
                uncertain.set(index, guess);
                read(objects.get(index), guess, null);
            }
        }
        for (int i = seen.nextSetBit(0); i >= 0; i = seen.nextSetBit(i + 1)) {
            read(objects.get(i), uncertain.get(i), slots);
        }
    }

    private int find(long pointer) {
        int from = 0;
        int to = objects.size() - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (objects.get(middle).start() - low <= pointer - low) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        StackObject object = objects.get(from);
        return pointer - object.start() >= 0 && pointer - object.start() < object.size() ? from : -1;
    }

    /** Reads an object: with no buffer its pointers into the stack, else the others. */
    private void read(StackObject object, boolean guess, @Nullable SlotBuffer slots) {
        StackMaps.Words words = address -> {
            long value = reader.word(address);
            boolean stack = value - low >= 0 && value - low < high - low;
            if (slots == null && stack) {
                pointer(value, guess);
            } else if (slots != null && !stack && value != 0) {
                slots.add(object.frame(), address, value, guess);
            }
        };
        try {
            switch (object.form()) {
                case StackObject.BITS:
                    StackMaps.bits(reader, object.mask(), object.to() / WORD, object.start(), words);
                    break;
                case StackObject.PROGRAM:
                    BitSet bits = PointerProgram.run(reader, object.mask(), object.to() / WORD);
                    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
                        words.word(object.start() + (long) WORD * i);
                    }
                    break;
                default:
                    for (int at = object.from(); at < object.to(); at += WORD) {
                        words.word(object.start() + at);
                    }
                    break;
            }
        } catch (MissingMemoryException e) {
            // Its mask is missing: the words that could be read count.
            return;
        }
    }
}

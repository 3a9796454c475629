package dev.holdfast.dump.gocore;

import dev.holdfast.dump.goruntime.SpanTable;
import java.util.Arrays;

/**
 * Turns the place of an object among all objects into the number of its slot; immutable and thread-safe, 4 bytes for 64
 * slots.
 */
final class ObjectNumbers {
    private final SpanTable spans;
    private final int[] before;

    ObjectNumbers(SpanTable spans) {
        this.spans = spans;
        int words = (spans.slotCount() >>> 6) + 1;
        before = new int[words + 1];
        for (int word = 0; word < words; word++) {
            before[word + 1] = before[word] + Long.bitCount(spans.allocatedWord(word));
        }
    }

    /** Number of the slot of an object, by the object's place in address order. */
    int slot(int object) {
        int found = Arrays.binarySearch(before, object);
        int word;
        if (found >= 0) {
            word = found;
            // Words without objects have the same number before them as the one that follows.
            while (before[word + 1] == object) {
                word++;
            }
        } else {
            word = -found - 2;
        }
        long bits = spans.allocatedWord(word);
        for (int left = object - before[word]; left > 0; left--) {
            bits &= bits - 1;
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}

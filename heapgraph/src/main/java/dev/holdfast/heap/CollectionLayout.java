package dev.holdfast.heap;

import dev.holdfast.dump.DumpType;
import java.util.List;
import java.util.Optional;

/**
 * Where the collections of one type keep how many elements they have, and in which array; for those who look at many
 * collections at once. Immutable.
 *
 * @param backing how elements are kept
 * @param isMap whether it has keys and values
 * @param array the field with the array, or with what the collection stands for; empty if there is neither
 * @param numbers the fields with the number of elements, see {@link Backing}; empty if none tells
 */
public record CollectionLayout(Backing backing, boolean isMap, String array, List<String> numbers) {

    /** How elements are kept. */
    public enum Backing {
        /** In an array from its start on; the number is how many, or none if all of the array counts. */
        FILLED,
        /** In an array in the round; the numbers are the index of the first and the one behind the last. */
        RING,
        /** In an array of a length that was chosen once and stays; the number is how many. */
        BOUNDED,
        /** In chains of nodes in a table whose length is a power of two and at most three quarters full. */
        HASH,
        /**
         * The same, but less than three quarters full; what is counted in other objects too must be added:
         * {@code counterCells[].value}.
         */
        CELLS,
        /** In chains of nodes in a table of any length, at most three quarters full. */
        CHAINS,
        /** In a table of at least 16 places and a power of two, one entry a place, less than two thirds full. */
        OPEN,
        /** In a table with keys and values by turns: twice a power of two, at least 8, at most two thirds full. */
        PAIRS,
        /** In nodes of their own; the number is how many, the second if there is one how many there may be. */
        NODES,
        /** The same, but how many is in the object that {@code array} refers to; the number is how many there may be. */
        COUNTED_NODES,
        /** In the collection that {@code array} refers to, whose keys are the elements. */
        KEYS,
        /** As many places as it has elements, or always the same: nothing to save. */
        FIXED;

        /** The length of an array that is enough for so many elements. */
        public long lengthFor(long size) {
            return switch (this) {
                case HASH -> size <= 0 ? 0 : power(ceiling(size, 4, 3));
                case CELLS -> size <= 0 ? 0 : power(ceiling(size, 4, 3) + (size % 3 == 0 ? 1 : 0));
                case CHAINS -> size <= 0 ? 0 : ceiling(size, 4, 3);
                case OPEN -> size <= 0 ? 0 : Math.max(16, power(ceiling(size + 1, 3, 2)));
                case PAIRS -> size <= 0 ? 0 : Math.max(8, 2 * power(ceiling(size, 3, 2)));
                // One place stays free, so that full and empty look different.
                case RING -> size + 1;
                default -> size;
            };
        }

        private static long ceiling(long size, int times, int by) {
            return (Math.min(size, 1L << 40) * times + by - 1) / by;
        }

        private static long power(long atLeast) {
            return atLeast <= 1 ? 1 : Long.highestOneBit(atLeast - 1) << 1;
        }
    }

    /** The layout of the collections of a type of a heap, or none if they are of no kind that is known. */
    public static Optional<CollectionLayout> of(List<DumpType> types, int type) {
        return Optional.ofNullable(KnownCollections.layout(types, type));
    }
}

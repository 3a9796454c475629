package dev.holdfast.heap;

import java.io.UncheckedIOException;

/**
 * What must be true of every value of a column of an index; looked at when a value is read, as an index is not scanned
 * when it is opened.
 *
 * @param file the index
 * @param offset where the column begins in it
 * @param low the least value
 * @param high the greatest value
 * @param order how values follow each other
 */
record ColumnCheck(String file, long offset, long low, long high, Order order) {
    /** How the values of a column follow each other. */
    enum Order {
        /** As they like. */
        ANY,
        /** None is less than the one before it. */
        ASCENDING,
        /** Each is less than its place, so that going from a value to the value at that place comes to an end. */
        BELOW_PLACE
    }

    /** Values from 0 on. */
    static ColumnCheck below(String file, long offset, long limit) {
        return new ColumnCheck(file, offset, 0, limit - 1, Order.ANY);
    }

    /** Any value will do. */
    static ColumnCheck none(String file, long offset) {
        return new ColumnCheck(file, offset, Long.MIN_VALUE, Long.MAX_VALUE, Order.ANY);
    }

    ColumnCheck ordered(Order value) {
        return new ColumnCheck(file, offset, low, high, value);
    }

    /** The failure of a value. */
    UncheckedIOException damaged(long index, int width, long value) {
        return IndexDamage.later(
                file, offset + index * width, "a value of " + value + " where " + low + " to " + high + " can be");
    }

    /** The failure of looking for a value that is not there, because another value led to it. */
    UncheckedIOException beyond(long index, long size) {
        return IndexDamage.later(file, offset, "value " + index + " of a column of " + size);
    }
}

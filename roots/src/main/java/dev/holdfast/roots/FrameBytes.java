package dev.holdfast.roots;

import java.util.AbstractList;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.RandomAccess;

/** A figure for each frame of a thread: 8 bytes, where a list of boxes takes 20; there may be millions. Immutable. */
final class FrameBytes extends AbstractList<OptionalLong> implements RandomAccess {
    private final long[] bytes;
    private final boolean known;

    /**
     * The figures of all frames.
     *
     * @param bytes not copied; the last is no frame's
     * @param known whether they mean anything
     */
    FrameBytes(long[] bytes, boolean known) {
        this.bytes = bytes;
        this.known = known;
    }

    @Override
    public OptionalLong get(int index) {
        Objects.checkIndex(index, size());
        return known ? OptionalLong.of(bytes[index]) : OptionalLong.empty();
    }

    @Override
    public int size() {
        return bytes.length - 1;
    }
}

package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the memory of a process by address; little-endian, 64 bits.
 *
 * <p>Remembers the region it read last, so neighbouring reads cost about a nanosecond. Belongs to one thread; make another
 * with {@link MemoryImage#reader()}. Every read throws {@link MissingMemoryException} where the dump has no memory.
 */
public final class MemoryReader {
    /** Of the class that mapped memory has, so that reads are not virtual. */
    private static final ByteBuffer NOTHING =
            ByteBuffer.allocateDirect(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);

    /** Regions are remembered by the 4 MiB that an address lies in: random reads of a heap of 1 GB need no search. */
    private static final int RECENT_SHIFT = 22;

    private static final int RECENT = 1 << 8;

    private final MemoryImage image;
    private final MemoryImage.@Nullable Region[] recent = new MemoryImage.@Nullable Region[RECENT];
    private ByteBuffer bytes = NOTHING;
    private long start;
    private int length;

    MemoryReader(MemoryImage image) {
        this.image = image;
    }

    /** Another reader of the same memory, for another thread. */
    public MemoryReader copy() {
        return new MemoryReader(image);
    }

    /** The word of 8 bytes at the address. */
    public long word(long address) {
        long at = address - start;
        if (at >= 0 && at <= length - 8) {
            return bytes.getLong((int) at);
        }
        return slow(address, 8);
    }

    /** The unsigned 32-bit number at the address. */
    public long u32(long address) {
        return i32(address) & 0xffffffffL;
    }

    /** The signed 32-bit number at the address. */
    public int i32(long address) {
        long at = address - start;
        if (at >= 0 && at <= length - 4) {
            return bytes.getInt((int) at);
        }
        return (int) slow(address, 4);
    }

    /** The unsigned 16-bit number at the address. */
    public int u16(long address) {
        long at = address - start;
        if (at >= 0 && at <= length - 2) {
            return bytes.getShort((int) at) & 0xffff;
        }
        return (int) slow(address, 2);
    }

    /** The unsigned byte at the address. */
    public int u8(long address) {
        long at = address - start;
        if (at >= 0 && at < length) {
            return bytes.get((int) at) & 0xff;
        }
        return (int) slow(address, 1);
    }

    /**
     * A number of 1, 2, 4 or 8 bytes, not sign-extended.
     *
     * @param width in bytes
     */
    public long unsigned(long address, int width) {
        switch (width) {
            case 1:
                return u8(address);
            case 2:
                return u16(address);
            case 4:
                return u32(address);
            case 8:
                return word(address);
            default:
                throw new IllegalArgumentException("width " + width);
        }
    }

    /** Copies memory. */
    public void bytes(long address, byte[] target, int offset, int count) {
        int done = 0;
        while (done < count) {
            long from = address + done;
            move(from);
            int at = (int) (from - start);
            int n = Math.min(count - done, length - at);
            bytes.get(at, target, offset + done, n);
            done += n;
        }
    }

    /** Copies memory into a new array. */
    public byte[] bytes(long address, int count) {
        readable(address, count, true);
        byte[] copy = new byte[count];
        bytes(address, copy, 0, count);
        return copy;
    }

    /** Whether all of the memory can be read. */
    public boolean readable(long address, long count) {
        return readable(address, count, false);
    }

    private boolean readable(long address, long count, boolean fail) {
        long at = address - start;
        if (at >= 0 && at < length && count <= length - at) {
            return true;
        }
        long done = 0;
        while (done < count) {
            MemoryImage.Region region = image.regionAt(address + done);
            if (region == null) {
                if (fail) {
                    throw new MissingMemoryException(address + done);
                }
                return false;
            }
            done = region.start() + region.length() - address;
        }
        return true;
    }

    private long slow(long address, int width) {
        move(address);
        long at = address - start;
        if (at <= length - width) {
            switch (width) {
                case 1:
                    return bytes.get((int) at) & 0xff;
                case 2:
                    return bytes.getShort((int) at) & 0xffff;
                case 4:
                    return bytes.getInt((int) at) & 0xffffffffL;
                default:
                    return bytes.getLong((int) at);
            }
        }
        // Across the border of two regions.
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= slow(address + i, 1) << 8 * i;
        }
        return value;
    }

    private void move(long address) {
        long at = address - start;
        if (at >= 0 && at < length) {
            return;
        }
        int recent = (int) (address >>> RECENT_SHIFT) & RECENT - 1;
        MemoryImage.@Nullable Region region = this.recent[recent];
        if (region == null || Long.compareUnsigned(address - region.start(), region.length()) >= 0) {
            region = image.regionAt(address);
            if (region == null) {
                throw new MissingMemoryException(address);
            }
            this.recent[recent] = region;
        }
        bytes = region.bytes();
        start = region.start();
        length = region.length();
    }
}

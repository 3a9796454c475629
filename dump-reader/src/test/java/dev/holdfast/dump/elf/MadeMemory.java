package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Memory of bytes that a test made. */
public final class MadeMemory {
    private MadeMemory() {}

    /** Memory that has only these bytes. */
    public static MemoryImage of(long start, byte[] bytes) {
        ByteBuffer contents = ByteBuffer.allocateDirect(bytes.length)
                .put(bytes)
                .flip()
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        return new MemoryImage(List.of(new MemoryImage.Region(start, contents)));
    }
}

package dev.holdfast.testkit;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A heap with direct buffers, views of them, and mapped files; what the JVM says of them stands in static fields. */
public final class NativeMemoryScenario implements Scenario {
    /** How long the mapped file is. */
    public static final int FILE = 20_000;

    /** How many buffers of the pool {@code direct} there are, and what they take. */
    static long directCount;

    static long directBytes;

    /** The same of the pool {@code mapped}. */
    static long mappedCount;

    static long mappedBytes;

    @Override
    public Object build() throws IOException {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int bytes : new int[] {1_000, 4_096, 100_000}) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
            buffers.add(buffer);
            // A view takes nothing.
            buffers.add(buffer.slice());
        }
        Path file = Files.createTempFile("mapped", ".bin");
        // As long as a thread's own buffer for files ever gets, so that the dump and the histograms need no larger one.
        Files.write(file, new byte[FILE]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            buffers.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE));
        } finally {
            Files.delete(file);
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                directCount = pool.getCount();
                directBytes = pool.getMemoryUsed();
            } else if (pool.getName().equals("mapped")) {
                mappedCount = pool.getCount();
                mappedBytes = pool.getMemoryUsed();
            }
        }
        return buffers;
    }
}

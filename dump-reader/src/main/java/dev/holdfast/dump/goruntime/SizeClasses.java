package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;

/** Sizes of the runtime's classes of small objects; the same in all releases from Go 1.16 on, but read where possible. */
final class SizeClasses {
    private static final int[] KNOWN = {
        0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
        448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456,
        4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432,
        19072, 20480, 21760, 24576, 27264, 28672, 32768
    };

    private SizeClasses() {}

    /** Bytes of a slot by class; class 0 is for large objects. */
    static long[] read(RuntimeLayout layout, MemoryReader reader, int count) {
        String table = layout.hasAddress("runtime.class_to_size")
                ? "runtime.class_to_size"
                : "internal/runtime/gc.SizeClassToSize";
        long[] sizes = new long[count];
        boolean inMemory = layout.hasAddress(table) && reader.readable(layout.address(table), 2L * count);
        for (int i = 0; i < count; i++) {
            sizes[i] = inMemory ? reader.u16(layout.address(table) + 2L * i) : i < KNOWN.length ? KNOWN[i] : 0;
        }
        return sizes;
    }
}

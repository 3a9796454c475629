package dev.holdfast.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Boxed numbers of few values in a {@link WastefulHeap}. */
final class WastefulNumbers {
    private static final List<String> TYPES = List.of(
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Short",
            "java.lang.Byte",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.Character",
            "java.lang.Boolean");

    /** Bits that differ in the lowest byte or only above what a narrow type has. */
    private static final List<Long> VALUES =
            List.of(0L, 1L, -1L, 0x3f80_0000L, 0x4000_0000_0000_0000L, 0x1_0000_0001L, 0x8000_0000_0000_0000L);

    private final WastefulHeap heap;
    private final Random random;
    private final Set<List<Object>> seen = new HashSet<>();

    WastefulNumbers(WastefulHeap heap) {
        this.heap = heap;
        this.random = heap.random;
    }

    /** One more number. */
    void plant() {
        if (random.nextInt(6) == 0) {
            // A counter is no boxed number: each may come to another value.
            heap.hold(heap.builder.instance(heap.library.get("java.util.concurrent.atomic.AtomicInteger")));
            return;
        }
        String type = TYPES.get(random.nextInt(TYPES.size()));
        long bits = VALUES.get(random.nextInt(VALUES.size()));
        FakeInstance number = heap.builder.instance(heap.library.get(type)).set("value", bits);
        heap.hold(number);
        if (!heap.garbage() && !seen.add(List.of(type, stored(type, bits)))) {
            heap.waste(number, "DUPLICATE_NUMBER", type, number.shallowSize());
        }
    }

    /** What a field of the type keeps of the bits. */
    private static long stored(String type, long bits) {
        return switch (type) {
            case "java.lang.Integer", "java.lang.Float" -> (int) bits;
            case "java.lang.Short", "java.lang.Character" -> (short) bits;
            case "java.lang.Byte", "java.lang.Boolean" -> (byte) bits;
            default -> bits;
        };
    }
}

package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A JVM's heap of strings, numbers, collections and arrays of random fill, with an account of what is wasted in it, written
 * down while each thing is made: whoever makes an array of 40 places for 10 elements knows that 30 are too many, and need
 * not look at it again. Kinds of waste are named as in reports. All is decided by the seed.
 */
public final class WastefulHeap {
    /** What a heap is made of, and how objects lie in it. */
    public enum Kind {
        JDK6,
        JDK6_BITS32,
        JDK8,
        JDK8_UNCOMPRESSED,
        JDK8_BITS32,
        JDK17,
        JDK17_UNCOMPRESSED,
        JDK17_ALIGN16,
        JDK17_BITS32,
        JDK25,
        JDK25_COMPACT;

        JavaLibrary.Release release() {
            return switch (this) {
                case JDK6, JDK6_BITS32 -> JavaLibrary.Release.JDK6;
                case JDK8, JDK8_UNCOMPRESSED, JDK8_BITS32 -> JavaLibrary.Release.JDK8;
                case JDK17, JDK17_UNCOMPRESSED, JDK17_ALIGN16, JDK17_BITS32 -> JavaLibrary.Release.JDK17;
                case JDK25, JDK25_COMPACT -> JavaLibrary.Release.JDK25;
            };
        }

        int idSize() {
            return name().endsWith("BITS32") ? 4 : 8;
        }

        FakeLayout layout() {
            return switch (this) {
                case JDK6, JDK8 -> FakeLayout.JDK8;
                case JDK6_BITS32, JDK8_BITS32 -> FakeLayout.JDK8_BITS32;
                case JDK8_UNCOMPRESSED -> FakeLayout.JDK8_UNCOMPRESSED;
                case JDK17 -> FakeLayout.JDK17;
                case JDK17_UNCOMPRESSED -> FakeLayout.JDK17_UNCOMPRESSED;
                case JDK17_ALIGN16 -> FakeLayout.JDK17_ALIGN16;
                case JDK17_BITS32 -> FakeLayout.BITS32;
                case JDK25 -> FakeLayout.JDK25;
                case JDK25_COMPACT -> FakeLayout.JDK25_COMPACT;
            };
        }
    }

    /**
     * What an object wastes in a way.
     *
     * @param type the name that it is counted under
     */
    public record Wasted(long address, String kind, String type, long bytes) {}

    /**
     * A queue.
     *
     * @param limit how many elements it may have, -1 if any number
     */
    public record Queue(String type, long size, long limit) {}

    /**
     * A map, or a set that is one inside.
     *
     * @param bytes of the objects and the table, as far as nobody else has that
     */
    public record MapOf(long entries, long bytes) {}

    private static final int THINGS = 160;

    final HeapBuilder builder;
    final JavaLibrary library;
    final FakeLayout layout;
    final Random random;
    private final List<FakeRef> held = new ArrayList<>();
    private final List<FakeRef> items = new ArrayList<>();
    private final List<Wasted> wasted = new ArrayList<>();
    private final List<Queue> queues = new ArrayList<>();
    private final List<MapOf> maps = new ArrayList<>();
    private boolean garbage;

    private WastefulHeap(Kind kind, long seed) {
        builder = new HeapBuilder(kind.idSize(), kind.layout());
        library = new JavaLibrary(builder, kind.release());
        layout = kind.layout();
        random = new Random(seed * 31 + kind.ordinal());
    }

    /** Makes a heap. */
    public static WastefulHeap make(Kind kind, long seed) {
        WastefulHeap heap = new WastefulHeap(kind, seed);
        heap.fill();
        return heap;
    }

    private void fill() {
        for (int i = 0; i < 5; i++) {
            FakeInstance item = builder.instance(library.get("com.example.Item"));
            items.add(item);
            held.add(item);
        }
        List<Runnable> steps = new ArrayList<>();
        WastefulCollections collections = new WastefulCollections(this);
        for (int i = 0; i < THINGS; i++) {
            steps.add(collections::plant);
        }
        WastefulStrings strings = new WastefulStrings(this);
        for (int i = 0; i < THINGS / 8; i++) {
            steps.addAll(strings.group());
        }
        WastefulNumbers numbers = new WastefulNumbers(this);
        for (int i = 0; i < THINGS / 4; i++) {
            steps.add(numbers::plant);
        }
        Collections.shuffle(steps, random);
        for (Runnable step : steps) {
            garbage = random.nextInt(8) == 0;
            step.run();
        }
        garbage = false;
        // As long as it has to be, so that it wastes nothing.
        FakeArray all = builder.array(builder.javaLangObject(), held.toArray(FakeRef[]::new));
        library.get("com.example.Holder").staticField("all", all);
        // An object's size shows by where the next one begins.
        builder.instance(builder.javaLangObject());
    }

    // ---- for those who plant

    /** Whether what is made now is to be held by nothing, and hence no waste. */
    boolean garbage() {
        return garbage;
    }

    /** Keeps something, unless it is to be garbage. */
    void hold(FakeRef made) {
        if (!garbage) {
            held.add(made);
        }
    }

    /** Writes down waste, unless it is garbage or nothing. */
    void waste(FakeRef object, String kind, String type, long bytes) {
        if (!garbage && bytes > 0) {
            wasted.add(new Wasted(object.address(), kind, type, bytes));
        }
    }

    void queue(String type, long size, long limit) {
        if (!garbage) {
            queues.add(new Queue(type, size, limit));
        }
    }

    void map(long entries, long bytes) {
        if (!garbage) {
            maps.add(new MapOf(entries, bytes));
        }
    }

    /** One of a few objects that also others hold. */
    FakeRef item() {
        return items.get(random.nextInt(items.size()));
    }

    // ---- the outcome

    /** The dump. */
    public byte[] dump() {
        return builder.toBytes();
    }

    /** What is wasted, in the order in which it was made. */
    public List<Wasted> wasted() {
        return List.copyOf(wasted);
    }

    /** The queues. */
    public List<Queue> queues() {
        return List.copyOf(queues);
    }

    /** The maps. */
    public List<MapOf> maps() {
        return List.copyOf(maps);
    }
}

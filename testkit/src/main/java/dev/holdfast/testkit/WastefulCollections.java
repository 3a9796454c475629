package dev.holdfast.testkit;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Lists, queues, buffers and arrays of random fill in a {@link WastefulHeap}; maps are {@link WastefulMaps}. */
final class WastefulCollections {
    /** Lists that fill an array from its start on: class, array, number of elements. */
    private static final List<List<String>> FILLED = List.of(
            List.of("java.util.ArrayList", "elementData", "size"),
            List.of("com.example.Rows", "elementData", "size"),
            List.of("java.util.Vector", "elementData", "elementCount"),
            List.of("java.util.Stack", "elementData", "elementCount"),
            List.of("java.util.PriorityQueue", "queue", "size"),
            List.of("java.util.concurrent.PriorityBlockingQueue", "queue", "size"));

    private final WastefulHeap heap;
    private final HeapBuilder builder;
    private final JavaLibrary library;
    private final Random random;
    private final WastefulMaps maps;
    private final FakeArray sharedEmpty;

    WastefulCollections(WastefulHeap heap) {
        this.heap = heap;
        this.builder = heap.builder;
        this.library = heap.library;
        this.random = heap.random;
        this.maps = new WastefulMaps(heap);
        // As the library has it for all empty lists.
        sharedEmpty = builder.arrayOfLength(builder.javaLangObject(), 0);
        library.get("java.util.ArrayList").staticField("EMPTY_ELEMENTDATA", sharedEmpty);
    }

    /** One more thing. */
    void plant() {
        switch (random.nextInt(12)) {
            case 0, 1 -> filled(FILLED.get(random.nextInt(FILLED.size())));
            case 2 -> allOfAnArray();
            case 3 -> ring();
            case 4 -> bounded();
            case 5 -> nodes();
            case 6 -> buffer();
            case 7 -> array();
            case 8 -> zeros();
            default -> maps.plant();
        }
    }

    private FakeArray objects(int length, int elements) {
        FakeArray array = builder.arrayOfLength(builder.javaLangObject(), length);
        for (int i = 0; i < elements; i++) {
            array.set(i, heap.item());
        }
        return array;
    }

    private void filled(List<String> names) {
        String name = names.get(0);
        boolean wrapper = name.endsWith("PriorityBlockingQueue") && library.release() == JavaLibrary.Release.JDK6;
        String type = wrapper ? "java.util.PriorityQueue" : name;
        FakeInstance list = builder.instance(library.get(type));
        int length = random.nextInt(30);
        int size = random.nextBoolean() ? 0 : random.nextInt(length + 1);
        boolean shared = size == 0 && random.nextBoolean();
        FakeArray array = shared ? sharedEmpty : objects(length, size);
        // What two hold is not one's to make shorter.
        boolean alone = !shared && random.nextInt(5) != 0;
        list.set(names.get(1), array).set(names.get(2), size);
        if (!alone) {
            heap.hold(array);
        }
        if (wrapper) {
            FakeInstance outer = builder.instance(library.get(name)).set("q", list);
            heap.hold(outer);
        } else {
            heap.hold(list);
        }
        if (type.endsWith("Queue")) {
            heap.queue(type, size, -1);
        }
        if (size == 0) {
            heap.waste(list, "EMPTY_COLLECTION", type, list.shallowSize() + (alone ? array.shallowSize() : 0));
        } else if (alone) {
            spare(list, type, HprofType.OBJECT, length, size);
        }
    }

    private void spare(FakeInstance object, String type, HprofType elements, int length, int needed) {
        if (needed < length) {
            heap.waste(
                    object,
                    needed + needed <= length ? "SPARSE_COLLECTION" : "SPARE_CAPACITY",
                    type,
                    heap.layout.arraySize(elements, length) - heap.layout.arraySize(elements, needed));
        }
    }

    /** Lists that have as many elements as their arrays have places. */
    private void allOfAnArray() {
        boolean copies = random.nextBoolean();
        String type = copies ? "java.util.concurrent.CopyOnWriteArrayList" : "java.util.Arrays$ArrayList";
        FakeInstance list = builder.instance(library.get(type));
        int length = random.nextInt(4);
        FakeArray array = objects(length, random.nextInt(length + 1));
        heap.hold(list.set(copies ? "array" : "a", array));
        if (length == 0) {
            heap.waste(list, "EMPTY_COLLECTION", type, list.shallowSize() + array.shallowSize());
        }
    }

    private void ring() {
        FakeInstance queue = builder.instance(library.get("java.util.ArrayDeque"));
        int length = 1 + random.nextInt(40);
        // One place stays free, or a full one would look like an empty one.
        int size = random.nextInt(length);
        int head = random.nextInt(length);
        FakeArray array = objects(length, 0);
        for (int i = 0; i < size; i++) {
            array.set((head + i) % length, heap.item());
        }
        queue.set("elements", array).set("head", head).set("tail", (head + size) % length);
        heap.hold(queue);
        heap.queue("java.util.ArrayDeque", size, -1);
        if (size == 0) {
            heap.waste(queue, "EMPTY_COLLECTION", "java.util.ArrayDeque", queue.shallowSize() + array.shallowSize());
        } else {
            spare(queue, "java.util.ArrayDeque", HprofType.OBJECT, length, size + 1);
        }
    }

    private void bounded() {
        String type = "java.util.concurrent.ArrayBlockingQueue";
        FakeInstance queue = builder.instance(library.get(type));
        int length = 1 + random.nextInt(30);
        int size = random.nextInt(length + 1);
        int from = random.nextInt(length);
        FakeArray array = objects(length, 0);
        for (int i = 0; i < size; i++) {
            array.set((from + i) % length, heap.item());
        }
        queue.set("items", array).set("takeIndex", from).set("count", size);
        heap.hold(queue.set("putIndex", (from + size) % length));
        heap.queue(type, size, length);
        heap.waste(
                queue,
                "UNUSED_BUFFER",
                type,
                heap.layout.arraySize(HprofType.OBJECT, length) - heap.layout.arraySize(HprofType.OBJECT, size));
    }

    private void nodes() {
        int size = random.nextInt(4);
        String type = switch (random.nextInt(4)) {
            case 0 -> "java.util.LinkedList";
            case 3 -> "java.util.concurrent.ConcurrentLinkedQueue";
            case 1 -> "java.util.concurrent.LinkedBlockingQueue";
            default -> "java.util.concurrent.LinkedBlockingDeque";
        };
        FakeInstance list = builder.instance(library.get(type));
        boolean bounded = random.nextBoolean();
        int limit = bounded ? size + random.nextInt(3) : Integer.MAX_VALUE;
        switch (type) {
            case "java.util.LinkedList" -> {
                boolean old = library.has("java.util.LinkedList$Entry");
                FakeInstance header = chain(
                        old ? "java.util.LinkedList$Entry" : "java.util.LinkedList$Node",
                        old ? "element" : "item",
                        size + (old ? 1 : 0));
                list.set("size", size).set(old ? "header" : "first", header == null ? FakeRef.NULL : header);
            }
            case "java.util.concurrent.ConcurrentLinkedQueue" -> {
                FakeInstance first = chain(type + "$Node", "item", size);
                // What was taken last stays, empty, until the next one is.
                FakeInstance head = builder.instance(library.get(type + "$Node"));
                list.set("head", first == null ? head : head.set("next", first));
                heap.queue(type, size, -1);
            }
            case "java.util.concurrent.LinkedBlockingQueue" -> {
                FakeInstance count = builder.instance(library.get("java.util.concurrent.atomic.AtomicInteger"))
                        .set("value", size);
                FakeInstance head = chain(type + "$Node", "item", size + 1);
                list.set("capacity", limit).set("count", count).set("head", head == null ? FakeRef.NULL : head);
                heap.queue(type, size, bounded ? limit : -1);
            }
            default -> {
                FakeInstance first = chain(type + "$Node", "item", size);
                list.set("count", size).set("capacity", limit).set("first", first == null ? FakeRef.NULL : first);
                heap.queue(type, size, bounded ? limit : -1);
            }
        }
        heap.hold(list);
        if (size == 0) {
            heap.waste(list, "EMPTY_COLLECTION", type, list.shallowSize());
        }
    }

    /** The first of so many nodes, null if none. */
    private @Nullable FakeInstance chain(String type, String element, int count) {
        FakeInstance next = null;
        for (int i = 0; i < count; i++) {
            FakeInstance node = builder.instance(library.get(type)).set(element, heap.item());
            if (next != null) {
                node.set("next", next);
            }
            next = node;
        }
        return next;
    }

    /** What grows and is no collection. */
    private void buffer() {
        boolean bytes = library.release().compareTo(JavaLibrary.Release.JDK8) > 0;
        int length = random.nextInt(60);
        int count = random.nextInt(length + 1);
        switch (random.nextInt(4)) {
            case 0 -> {
                boolean wide = bytes && random.nextBoolean();
                HprofType elements = bytes ? HprofType.BYTE : HprofType.CHAR;
                int places = wide ? 2 * length : length;
                String type = random.nextBoolean() ? "java.lang.StringBuilder" : "java.lang.StringBuffer";
                FakeInstance builder = grown(type, "value", elements, places, wide ? 2 * count : count);
                builder.set("count", count);
                if (wide) {
                    builder.set("coder", 1);
                }
            }
            case 1 ->
                grown("java.io.ByteArrayOutputStream", "buf", HprofType.BYTE, length, count)
                        .set("count", count);
            case 2 ->
                grown("java.io.CharArrayWriter", "buf", HprofType.CHAR, length, count)
                        .set("count", count);
            default ->
                grown("java.util.BitSet", "words", HprofType.LONG, length, count)
                        .set("wordsInUse", count);
        }
    }

    private FakeInstance grown(String type, String field, HprofType elements, int places, int used) {
        FakeInstance object = builder.instance(library.get(type));
        heap.hold(object.set(field, builder.zeros(elements, places)));
        spare(object, type, elements, places, used);
        return object;
    }

    /** Arrays of references that are nobody's, some of them arrays of arrays. */
    private void array() {
        FakeClass element = random.nextBoolean()
                ? library.get("com.example.Item")
                : builder.arrayClass(library.get("com.example.Item"));
        int length = random.nextInt(40);
        int present = random.nextInt(length + 1);
        int shift = random.nextInt(length + 1);
        FakeArray array = builder.arrayOfLength(element, length);
        for (int i = 0; i < present; i++) {
            array.set((i + shift) % length, heap.item());
        }
        heap.hold(array);
        if (length - present > present) {
            heap.waste(
                    array,
                    "NULL_ARRAY",
                    "com.example.Item" + (element.internalName().startsWith("[") ? "[][]" : "[]"),
                    heap.layout.arraySize(HprofType.OBJECT, length) - heap.layout.arraySize(HprofType.OBJECT, present));
        }
    }

    /** Arrays of numbers of which nobody says how much is used. */
    private void zeros() {
        HprofType type = List.of(HprofType.LONG, HprofType.INT, HprofType.DOUBLE, HprofType.BYTE, HprofType.CHAR)
                .get(random.nextInt(5));
        heap.hold(builder.zeros(type, random.nextInt(100)));
    }
}

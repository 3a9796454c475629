package dev.holdfast.report.waste;

import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.HeapCollection;
import dev.holdfast.heap.HeapObject;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.HeapType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Waste of a JVM's heap counted one object after the other through handles, from whole texts and values. */
final class NaiveWaste {
    private static final Set<String> BOXES = Set.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Character",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double");

    /** The fields with arrays of what is behind collections, by class. */
    private static final Map<String, String> ARRAYS = Map.ofEntries(
            Map.entry("java.util.ArrayList", "elementData"),
            Map.entry("java.util.Vector", "elementData"),
            Map.entry("java.util.Arrays$ArrayList", "a"),
            Map.entry("java.util.concurrent.CopyOnWriteArrayList", "array"),
            Map.entry("java.util.PriorityQueue", "queue"),
            Map.entry("java.util.concurrent.PriorityBlockingQueue", "queue"),
            Map.entry("java.util.ArrayDeque", "elements"),
            Map.entry("java.util.concurrent.ArrayBlockingQueue", "items"),
            Map.entry("java.util.HashMap", "table"),
            Map.entry("java.util.Hashtable", "table"),
            Map.entry("java.util.WeakHashMap", "table"),
            Map.entry("java.util.IdentityHashMap", "table"),
            Map.entry("java.lang.ThreadLocal$ThreadLocalMap", "table"),
            Map.entry("java.util.concurrent.ConcurrentHashMap", "table"));

    private static final Set<String> NODES = Set.of(
            "java.util.LinkedList",
            "java.util.TreeMap",
            "java.util.concurrent.ConcurrentLinkedQueue",
            "java.util.concurrent.ConcurrentSkipListMap",
            "java.util.concurrent.LinkedBlockingQueue",
            "java.util.concurrent.LinkedBlockingDeque");

    private static final Map<String, String> SETS = Map.of(
            "java.util.HashSet", "map",
            "java.util.TreeSet", "m",
            "java.util.concurrent.ConcurrentSkipListSet", "m",
            "java.util.concurrent.ConcurrentHashMap$KeySetView", "map",
            "java.util.Collections$SetFromMap", "m");

    private static final Map<String, String> BUFFERS = Map.of(
            "java.lang.AbstractStringBuilder", "value",
            "java.io.ByteArrayOutputStream", "buf",
            "java.io.CharArrayWriter", "buf",
            "java.util.BitSet", "words");

    private final HeapSnapshot heap;
    private final Set<Object> values = new HashSet<>();
    private final Map<String, Set<Integer>> arraysOfTexts = new HashMap<>();
    private final Set<Integer> behind = new HashSet<>();

    /** By kind and type: objects and bytes. */
    final Map<String, List<Long>> rows = new TreeMap<>();

    NaiveWaste(HeapSnapshot heap) {
        this.heap = heap;
        List<HeapObject> all = heap.objects().filter(HeapObject::isReachable).toList();
        all.forEach(this::look);
        for (HeapObject object : all) {
            if (object.type().kind() == DumpType.Kind.OBJECT_ARRAY && !behind.contains(object.index())) {
                long present = object.elements().count();
                if (object.elementCount() > 2 * present) {
                    add(WasteKind.NULL_ARRAY, object.type(), saved(object, present));
                }
            }
        }
    }

    private void add(WasteKind kind, HeapType type, long bytes) {
        if (bytes > 0) {
            rows.merge(
                    kind + " " + type.name(),
                    List.of(1L, bytes),
                    (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
        }
    }

    private long saved(HeapObject array, long elements) {
        int type = array.type().index();
        return array.shallowSize() - heap.graph().sizeOf(type, elements);
    }

    private void look(HeapObject object) {
        String name = object.type().name();
        if (name.equals("java.lang.String")) {
            string(object);
        } else if (BOXES.contains(name)) {
            if (!values.add(List.of(name, object.field("value").toString()))) {
                add(WasteKind.DUPLICATE_NUMBER, object.type(), object.shallowSize());
            }
        } else {
            for (Optional<HeapType> at = Optional.of(object.type());
                    at.isPresent();
                    at = at.get().superclass()) {
                String known = at.get().name();
                if (ARRAYS.containsKey(known) || NODES.contains(known)) {
                    collection(object, known);
                    return;
                }
                if (BUFFERS.containsKey(known)) {
                    buffer(object, known);
                    return;
                }
            }
        }
    }

    private void string(HeapObject object) {
        Optional<HeapObject> array = object.field("value").object();
        Optional<String> text = object.text();
        if (array.isEmpty() || text.isEmpty()) {
            return;
        }
        Set<Integer> arrays = arraysOfTexts.get(text.get());
        if (arrays == null) {
            arraysOfTexts.put(text.get(), new HashSet<>(Set.of(array.get().index())));
            return;
        }
        add(WasteKind.DUPLICATE_STRING, object.type(), object.shallowSize());
        if (arrays.add(array.get().index())) {
            add(WasteKind.DUPLICATE_TEXT, array.get().type(), array.get().shallowSize());
        }
    }

    private void buffer(HeapObject object, String known) {
        Optional<HeapObject> array =
                object.field(BUFFERS.getOrDefault(known, "")).object();
        if (array.isPresent()) {
            long used = known.equals("java.util.BitSet")
                    ? object.field("wordsInUse").asInt()
                    : object.field("count").asInt();
            if (object.findField("coder").isPresent() && object.field("coder").asLong() == 1) {
                used *= 2;
            }
            spare(object, object.type(), array.get(), used);
        }
    }

    private void spare(HeapObject object, HeapType shown, HeapObject array, long needed) {
        boolean owns = array.immediateDominator().filter(object::equals).isPresent();
        if (owns && needed < array.elementCount()) {
            boolean sparse = 2 * needed <= array.elementCount();
            add(sparse ? WasteKind.SPARSE_COLLECTION : WasteKind.SPARE_CAPACITY, shown, saved(array, needed));
        }
    }

    private void collection(HeapObject object, String known) {
        if (known.equals("java.util.Hashtable") && object.findField("map").isPresent()) {
            // Properties since JDK 9 stand for the map in them, which is looked at by itself.
            return;
        }
        HeapCollection collection = object.asCollection().orElseThrow();
        Optional<HeapObject> array = Optional.ofNullable(ARRAYS.get(known))
                .flatMap(object::findField)
                .flatMap(field -> field.object());
        array.ifPresent(a -> behind.add(a.index()));
        Optional<HeapObject> set = object.immediateDominator().filter(dominator -> isSetOf(dominator, object));
        HeapType shown = set.map(HeapObject::type).orElse(object.type());
        long size = collection.size();
        if (known.endsWith("ArrayBlockingQueue")) {
            add(WasteKind.UNUSED_BUFFER, shown, saved(array.orElseThrow(), size));
        } else if (size == 0) {
            long bytes = object.shallowSize()
                    + set.map(HeapObject::shallowSize).orElse(0L)
                    + array.filter(a -> a.immediateDominator()
                                    .filter(object::equals)
                                    .isPresent())
                            .map(HeapObject::shallowSize)
                            .orElse(0L);
            add(WasteKind.EMPTY_COLLECTION, shown, bytes);
        } else if (array.isPresent()) {
            spare(object, shown, array.get(), needed(known, size));
        }
    }

    private static boolean isSetOf(HeapObject set, HeapObject map) {
        for (Optional<HeapType> at = Optional.of(set.type());
                at.isPresent();
                at = at.get().superclass()) {
            String field = SETS.get(at.get().name());
            if (field != null) {
                return set.field(field).object().filter(map::equals).isPresent();
            }
        }
        return false;
    }

    /** The least length by trying one after the other. */
    private static long needed(String known, long size) {
        long length = 1;
        switch (known) {
            case "java.util.HashMap", "java.util.WeakHashMap" -> {
                while (length * 3 < size * 4) {
                    length *= 2;
                }
                return length;
            }
            case "java.util.concurrent.ConcurrentHashMap" -> {
                while (length * 3 <= size * 4) {
                    length *= 2;
                }
                return length;
            }
            case "java.util.Hashtable" -> {
                while (length * 3 < size * 4) {
                    length++;
                }
                return length;
            }
            case "java.lang.ThreadLocal$ThreadLocalMap" -> {
                while (length < 16 || length * 2 / 3 <= size) {
                    length *= 2;
                }
                return length;
            }
            case "java.util.IdentityHashMap" -> {
                while (length < 8 || length < size * 3) {
                    length *= 2;
                }
                return length;
            }
            case "java.util.ArrayDeque" -> {
                return size + 1;
            }
            default -> {
                return size;
            }
        }
    }
}

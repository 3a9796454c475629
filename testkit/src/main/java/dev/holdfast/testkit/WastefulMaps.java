package dev.holdfast.testkit;

import java.util.Random;

/** Maps and sets of random fill in a {@link WastefulHeap}. */
final class WastefulMaps {
    private static final String CONCURRENT = "java.util.concurrent.ConcurrentHashMap";

    private final WastefulHeap heap;
    private final HeapBuilder builder;
    private final JavaLibrary library;
    private final Random random;
    private final boolean old;

    WastefulMaps(WastefulHeap heap) {
        this.heap = heap;
        this.builder = heap.builder;
        this.library = heap.library;
        this.random = heap.random;
        this.old = library.release() == JavaLibrary.Release.JDK6;
    }

    /** One more map or set. */
    void plant() {
        switch (random.nextInt(10)) {
            case 8 -> skipList();
            case 0, 1 -> hash("java.util.HashMap", "java.util.HashSet");
            case 2 -> hash("java.util.LinkedHashMap", "java.util.LinkedHashSet");
            case 3 -> hash("com.example.Registry", "java.util.Collections$SetFromMap");
            case 4 -> {
                if (old) {
                    segmented();
                } else {
                    concurrent();
                }
            }
            case 5 -> tree();
            case 6 -> openTable();
            case 7 -> enumMap();
            default -> otherTable();
        }
    }

    /** The length at which the library stops growing a table from one place on, a quarter of it being kept free. */
    private static int grown(int entries) {
        int length = 1;
        for (int size = 1; size <= entries; size++) {
            if (size > (int) (length * 0.75)) {
                length *= 2;
            }
        }
        return length;
    }

    private void hash(String type, String setType) {
        String node = type.equals("java.util.LinkedHashMap")
                ? "java.util.LinkedHashMap$Entry"
                : old ? "java.util.HashMap$Entry" : "java.util.HashMap$Node";
        int entries = entries();
        FakeInstance map = builder.instance(library.get(type)).set("size", entries);
        if (old && type.equals("java.util.LinkedHashMap")) {
            map.set("header", builder.instance(library.get(node)));
        }
        put(map, type, random.nextInt(3) == 0 ? setType : "", node, entries, grown(entries), true);
    }

    private int entries() {
        return random.nextInt(4) == 0 ? 0 : random.nextInt(60);
    }

    private void otherTable() {
        if (random.nextBoolean()) {
            int entries = entries();
            FakeInstance map =
                    builder.instance(library.get("java.util.WeakHashMap")).set("size", entries);
            put(map, "java.util.WeakHashMap", "", "java.util.WeakHashMap$Entry", entries, grown(entries), true);
            return;
        }
        int entries = entries();
        int needed = 1;
        // Its tables may have any length.
        while ((int) (needed * 0.75) < entries) {
            needed++;
        }
        FakeInstance map = builder.instance(library.get("java.util.Hashtable")).set("count", entries);
        put(map, "java.util.Hashtable", "", "java.util.Hashtable$Entry", entries, needed, false);
    }

    private void concurrent() {
        int entries = entries();
        int length = 1;
        for (int size = 1; size <= entries; size++) {
            // Unlike others it grows as soon as three quarters are reached.
            while (size >= length - (length >>> 2)) {
                length *= 2;
            }
        }
        FakeInstance map = builder.instance(library.get(CONCURRENT));
        long inCells = 0;
        if (random.nextInt(3) == 0) {
            FakeClass cell = library.get(CONCURRENT + "$CounterCell");
            FakeArray cells = builder.arrayOfLength(cell, 4);
            int present = random.nextInt(5);
            for (int i = 0; i < present; i++) {
                long count = random.nextInt(40) - 20L;
                inCells += count;
                cells.set(3 - i, builder.instance(cell).set("value", count));
            }
            map.set("counterCells", cells);
            nulls(cells, CONCURRENT + "$CounterCell[]", 4, present);
        }
        map.set("baseCount", entries - inCells);
        put(
                map,
                CONCURRENT,
                random.nextInt(3) == 0 ? CONCURRENT + "$KeySetView" : "",
                CONCURRENT + "$Node",
                entries,
                length,
                true);
    }

    private void nulls(FakeArray array, String type, int length, int present) {
        if (length - present > present) {
            heap.waste(
                    array,
                    "NULL_ARRAY",
                    type,
                    heap.layout.arraySize(HprofType.OBJECT, length) - heap.layout.arraySize(HprofType.OBJECT, present));
        }
    }

    /** Gives a map its table, or none, puts it into a set if one is named, and writes down what is wasted. */
    private void put(
            FakeInstance map, String type, String setType, String node, int entries, int needed, boolean doubles) {
        int length = needed;
        for (int more = random.nextInt(4); more > 0; more--) {
            length = doubles ? 2 * length : length + random.nextInt(10);
        }
        boolean none = entries == 0 && random.nextBoolean();
        FakeArray table = null;
        if (!none) {
            table = builder.arrayOfLength(library.get(node), length);
            map.set("table", table);
            fill(table, length, node, entries);
        }
        boolean alone = table != null && random.nextInt(6) != 0;
        if (table != null && !alone) {
            heap.hold(table);
        }
        FakeInstance set = setType.isEmpty() ? null : set(setType, map);
        // A set of which somebody else has the map cannot do without it.
        boolean alsoHeld = set != null && random.nextInt(4) == 0;
        heap.hold(set == null ? map : set);
        if (alsoHeld) {
            heap.hold(map);
        }
        boolean counts = set != null && !alsoHeld;
        long tableBytes = table != null && alone ? table.shallowSize() : 0;
        long shell = map.shallowSize() + (counts && set != null ? set.shallowSize() : 0);
        String shown = counts ? setType : type;
        heap.map(entries, shell + tableBytes);
        if (entries == 0) {
            heap.waste(map, "EMPTY_COLLECTION", shown, shell + tableBytes);
        } else if (table != null && alone && needed < length) {
            heap.waste(
                    map,
                    needed + needed <= length ? "SPARSE_COLLECTION" : "SPARE_CAPACITY",
                    shown,
                    heap.layout.arraySize(HprofType.OBJECT, length) - heap.layout.arraySize(HprofType.OBJECT, needed));
        }
    }

    private FakeInstance set(String type, FakeInstance map) {
        String field = type.endsWith("TreeSet") || type.endsWith("SetFromMap") ? "m" : "map";
        return builder.instance(library.get(type)).set(field, map);
    }

    /** Nodes in chains at random places. */
    private void fill(FakeArray table, int length, String node, int entries) {
        FakeClass type = library.get(node);
        String value = node.equals(CONCURRENT + "$Node") ? "val" : "value";
        String key = node.startsWith("java.util.WeakHashMap") ? "referent" : "key";
        FakeInstance[] heads = new FakeInstance[length];
        for (int i = 0; i < entries; i++) {
            int place = random.nextInt(length);
            FakeInstance made = builder.instance(type).set(key, heap.item()).set(value, heap.item());
            if (heads[place] != null) {
                made.set("next", heads[place]);
            }
            heads[place] = made;
            table.set(place, made);
        }
    }

    /** Up to JDK 7: tables in segments, of which nothing is known but that they are mostly empty. */
    private void segmented() {
        FakeClass segment = library.get(CONCURRENT + "$Segment");
        FakeArray segments = builder.arrayOfLength(segment, 4);
        for (int i = 0; i < 4; i++) {
            int length = 1 << random.nextInt(4);
            int present = random.nextInt(length + 1);
            FakeClass entry = library.get(CONCURRENT + "$HashEntry");
            FakeArray table = builder.arrayOfLength(entry, length);
            for (int place = 0; place < present; place++) {
                table.set(place, builder.instance(entry).set("key", heap.item()).set("value", heap.item()));
            }
            segments.set(i, builder.instance(segment).set("table", table).set("count", present));
            nulls(table, CONCURRENT + "$HashEntry[]", length, present);
        }
        heap.hold(builder.instance(library.get(CONCURRENT)).set("segments", segments));
    }

    private void tree() {
        int entries = random.nextInt(4);
        FakeInstance map = builder.instance(library.get("java.util.TreeMap")).set("size", entries);
        FakeInstance above = null;
        for (int i = 0; i < entries; i++) {
            FakeInstance node = builder.instance(library.get("java.util.TreeMap$Entry"))
                    .set("key", heap.item())
                    .set("value", heap.item());
            if (above == null) {
                map.set("root", node);
            } else {
                above.set("right", node);
                node.set("parent", above);
            }
            above = node;
        }
        boolean asSet = random.nextBoolean();
        FakeInstance set = asSet ? set("java.util.TreeSet", map) : map;
        heap.hold(set);
        long shell = map.shallowSize() + (asSet ? set.shallowSize() : 0);
        heap.map(entries, shell);
        if (entries == 0) {
            heap.waste(map, "EMPTY_COLLECTION", asSet ? "java.util.TreeSet" : "java.util.TreeMap", shell);
        }
    }

    /** Nodes in a chain, some of them deleted and some put in between by those who delete, below an index. */
    private void skipList() {
        String type = "java.util.concurrent.ConcurrentSkipListMap";
        boolean before11 = library.has(type + "$HeadIndex");
        int entries = entries();
        FakeInstance map = builder.instance(library.get(type));
        if (before11 || entries > 0) {
            FakeInstance base = builder.instance(library.get(type + "$Node"));
            FakeInstance index = builder.instance(library.get(type + (before11 ? "$HeadIndex" : "$Index")));
            map.set("head", index.set("node", base));
            String value = before11 ? "value" : "val";
            if (before11) {
                base.set(value, builder.instance(builder.javaLangObject()));
            }
            FakeInstance last = base;
            for (int left = entries; left > 0; ) {
                FakeInstance node = builder.instance(library.get(type + "$Node"));
                last.set("next", node);
                last = node;
                switch (random.nextInt(8)) {
                    case 0 -> node.set("key", heap.item());
                    case 1 -> node.set(value, before11 ? node : FakeRef.NULL);
                    default -> {
                        node.set("key", heap.item()).set(value, heap.item());
                        left--;
                    }
                }
            }
        }
        FakeInstance set = random.nextInt(3) == 0
                ? builder.instance(library.get("java.util.concurrent.ConcurrentSkipListSet"))
                        .set("m", map)
                : null;
        heap.hold(set == null ? map : set);
        long shell = map.shallowSize() + (set == null ? 0 : set.shallowSize());
        heap.map(entries, shell);
        if (entries == 0) {
            String shown = set == null ? type : "java.util.concurrent.ConcurrentSkipListSet";
            heap.waste(map, "EMPTY_COLLECTION", shown, shell);
        }
    }

    /** Tables with an entry a place, or a key and a value by turns. */
    private void openTable() {
        int entries = entries();
        if (random.nextBoolean()) {
            String type = "java.lang.ThreadLocal$ThreadLocalMap";
            int length = 16;
            // It begins with 16 places and grows when two thirds are reached.
            for (int size = 1; size <= entries; size++) {
                while (size >= length * 2 / 3) {
                    length *= 2;
                }
            }
            FakeInstance map = builder.instance(library.get(type)).set("size", entries);
            put(map, type, type + "$Entry", entries, length, entries);
            return;
        }
        int length = 8;
        for (int size = 1; size <= entries; size++) {
            if (3 * size > length) {
                length *= 2;
            }
        }
        FakeInstance map =
                builder.instance(library.get("java.util.IdentityHashMap")).set("size", entries);
        put(map, "java.util.IdentityHashMap", "", entries, length, 2 * entries);
    }

    /** The same where each entry, or else each key and each value, has a place of its own. */
    private void put(FakeInstance map, String type, String entry, int entries, int needed, int places) {
        int length = needed << random.nextInt(3);
        FakeArray table =
                builder.arrayOfLength(entry.isEmpty() ? builder.javaLangObject() : library.get(entry), length);
        for (int i = 0; i < places; i++) {
            FakeRef element = entry.isEmpty()
                    ? heap.item()
                    : builder.instance(library.get(entry))
                            .set("referent", heap.item())
                            .set("value", heap.item());
            table.set(i, element);
        }
        map.set("table", table);
        heap.hold(map);
        long structure = map.shallowSize() + table.shallowSize();
        heap.map(entries, structure);
        if (entries == 0) {
            heap.waste(map, "EMPTY_COLLECTION", type, structure);
        } else if (needed < length) {
            heap.waste(
                    map,
                    "SPARSE_COLLECTION",
                    type,
                    heap.layout.arraySize(HprofType.OBJECT, length) - heap.layout.arraySize(HprofType.OBJECT, needed));
        }
    }

    /** As long as the enum has constants, so that nothing but nulls can be said of it. */
    private void enumMap() {
        int constants = 1 + random.nextInt(20);
        int entries = random.nextInt(constants + 1);
        FakeArray values = builder.arrayOfLength(builder.javaLangObject(), constants);
        for (int i = 0; i < entries; i++) {
            values.set(constants - 1 - i, heap.item());
        }
        FakeInstance map = builder.instance(library.get("java.util.EnumMap"));
        heap.hold(map.set("vals", values).set("size", entries));
        nulls(values, "java.lang.Object[]", constants, entries);
    }
}

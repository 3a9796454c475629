package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;

/**
 * A heap with known waste, under classes of its own. What is wasted the program finds by doing without: it fills a fresh
 * collection that begins as small as can be, and asks the library how long its array has become.
 *
 * <p>It writes {@link #TRUTH} into the folder that it runs in, in lines of {@code kind, class, objects, bytes of arrays,
 * instances, class of these} (whose bytes are to be added, and are known to the JVM's histogram alone), and
 * {@code queue, class, objects, empty, bounded, full, elements, capacity}. Needs {@link #OPTIONS}.
 */
@SuppressWarnings({"unused", "exports", "JdkObsolete", "serial"}) // public for the launcher, which is on the class path
public final class WasteScenario implements Scenario {
    /** The file with what is wasted. */
    public static final String TRUTH = "truth.tsv";

    /** To look at the arrays of the library's collections. */
    public static final List<String> OPTIONS = List.of(
            "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED");

    static final class Item implements Comparable<Item> {
        final int number;

        Item(int number) {
            this.number = number;
        }

        @Override
        public int compareTo(Item other) {
            return Integer.compare(number, other.number);
        }
    }

    /** What all collections have in common, so that it is none's own. */
    static final Item[] ITEMS = new Item[3000];

    static final class Text {
        final String text;

        Text(String text) {
            this.text = text;
        }
    }

    static final class WideText {
        final String text;

        WideText(String text) {
            this.text = text;
        }
    }

    static final class SharedText {
        final String text;

        SharedText(String text) {
            this.text = text;
        }
    }

    static final class Amount {
        final Object number;

        Amount(Object number) {
            this.number = number;
        }
    }

    static final class Line {
        final StringBuilder builder;

        Line(int capacity, int length) {
            builder = new StringBuilder(capacity);
            builder.append("x".repeat(length));
        }
    }

    static final class Bytes extends ByteArrayOutputStream {
        Bytes(int capacity) {
            super(capacity);
        }
    }

    static final class Rows extends ArrayList<Object> {
        Rows(int capacity) {
            super(capacity);
        }
    }

    static final class EmptyRows extends ArrayList<Object> {}

    static final class Chain extends LinkedList<Object> {}

    static final class Table extends HashMap<Object, Object> {
        Table(int capacity) {
            super(capacity);
        }
    }

    static final class Ordered extends LinkedHashMap<Object, Object> {
        Ordered(int capacity) {
            super(capacity);
        }
    }

    static final class Concurrent extends ConcurrentHashMap<Object, Object> {
        Concurrent(int capacity) {
            super(capacity);
        }
    }

    static final class Synchronized extends Hashtable<Object, Object> {
        Synchronized(int capacity) {
            super(capacity);
        }
    }

    static final class Identities extends IdentityHashMap<Object, Object> {
        Identities(int capacity) {
            super(capacity);
        }
    }

    static final class Weak extends WeakHashMap<Object, Object> {
        Weak(int capacity) {
            super(capacity);
        }
    }

    static final class EmptyTable extends HashMap<Object, Object> {}

    static final class ClearedTable extends HashMap<Object, Object> {}

    static final class EmptyTree extends TreeMap<Object, Object> {}

    static final class Tags extends HashSet<Object> {
        Tags(int capacity) {
            super(capacity);
        }
    }

    static final class Ring extends ArrayDeque<Object> {
        Ring(int capacity) {
            super(capacity);
        }
    }

    static final class Heap extends PriorityQueue<Object> {
        Heap(int capacity) {
            super(capacity);
        }
    }

    static final class Bounded extends ArrayBlockingQueue<Object> {
        Bounded(int capacity) {
            super(capacity);
        }
    }

    static final class Tasks extends LinkedBlockingQueue<Object> {
        Tasks(int capacity) {
            super(capacity);
        }
    }

    static final class Both extends LinkedBlockingDeque<Object> {
        Both(int capacity) {
            super(capacity);
        }
    }

    static final class Loose extends ConcurrentLinkedQueue<Object> {}

    static final class Skips extends ConcurrentSkipListMap<Object, Object> {}

    private final List<Object> kept = new ArrayList<>();
    private final Map<String, long[]> truth = new HashMap<>();
    private final Map<String, long[]> queues = new HashMap<>();
    private final ArraySizes sizes = new ArraySizes();

    @Override
    public Object build() throws Exception {
        for (int i = 0; i < ITEMS.length; i++) {
            ITEMS[i] = new Item(i);
        }
        strings();
        numbers();
        buffers();
        lists();
        empties();
        for (int size : new int[] {1, 2, 3, 6, 12, 13, 24, 100, 384, 700}) {
            maps(size, Table::new, HashMap.class, "table");
            maps(size, Ordered::new, HashMap.class, "table");
            maps(size, Concurrent::new, ConcurrentHashMap.class, "table");
            maps(size, Identities::new, IdentityHashMap.class, "table");
            hashtables(size);
            sets(size);
        }
        // Up to JDK 18 three quarters were one too many for it, so that those sizes would say nothing here.
        for (int size : new int[] {1, 10, 100, 700}) {
            maps(size, Weak::new, WeakHashMap.class, "table");
        }
        queues();
        nulls();
        write();
        return kept;
    }

    // ---- what is planted

    private void strings() {
        // Of each text so many strings.
        int[] equal = {1, 2, 7, 40};
        for (int i = 0; i < equal.length; i++) {
            String narrow = "waste-" + i + "-".repeat(20 + i);
            String wide = "\u4e2d\u6587-" + i + "-".repeat(10 + i);
            for (int n = 0; n < equal[i]; n++) {
                kept.add(new Text(new String(narrow.toCharArray())));
                kept.add(new WideText(new String(wide.toCharArray())));
            }
            int more = equal[i] - 1;
            waste("DUPLICATE_STRING", Text.class, more, 0, more, String.class);
            waste("DUPLICATE_TEXT", Text.class, more, more * sizes.of(byte[].class, narrow.length()), 0, String.class);
            waste("DUPLICATE_STRING", WideText.class, more, 0, more, String.class);
            waste(
                    "DUPLICATE_TEXT",
                    WideText.class,
                    more,
                    more * sizes.of(byte[].class, 2L * wide.length()),
                    0,
                    String.class);
        }
        // These have one array.
        String first = "shared".repeat(4);
        for (int n = 0; n < 25; n++) {
            kept.add(new SharedText(n == 0 ? first : new String(first)));
        }
        waste("DUPLICATE_STRING", SharedText.class, 24, 0, 24, String.class);
    }

    private void numbers() {
        long base = 0x5eed_0000_0000L;
        int others = 0;
        for (int i = 0; i < 20; i++) {
            for (int n = 0; n <= i; n++) {
                kept.add(new Amount(Long.valueOf(base + i)));
            }
            others += i;
        }
        waste("DUPLICATE_NUMBER", Amount.class, others, 0, others, Long.class);
    }

    private void buffers() {
        for (int i = 0; i < 10; i++) {
            kept.add(new Line(100, 10));
            spare(Line.class, sizes.of(byte[].class, 100), sizes.of(byte[].class, 10), 10, 100);
            Bytes bytes = new Bytes(64);
            bytes.write(new byte[40 + i], 0, 40 + i);
            kept.add(bytes);
            spare(Bytes.class, sizes.of(byte[].class, 64), sizes.of(byte[].class, 40 + i), 40 + i, 64);
        }
    }

    private void lists() throws Exception {
        for (int length = 1; length < 40; length += 3) {
            for (int size = 1; size <= length; size += 4) {
                Rows rows = new Rows(length);
                fill(rows, size);
                Rows enough = new Rows(size);
                fill(enough, size);
                spare(rows, enough, ArrayList.class, "elementData");
                Heap heap = new Heap(length);
                fill(heap, size);
                Heap enoughHeap = new Heap(size);
                fill(enoughHeap, size);
                spare(heap, enoughHeap, PriorityQueue.class, "queue");
                queue(heap, size, -1);
            }
        }
    }

    private void empties() throws Exception {
        for (int i = 0; i < 9; i++) {
            kept.add(new EmptyRows());
            kept.add(new EmptyTable());
            kept.add(new EmptyTree());
            kept.add(new Chain());
            ClearedTable cleared = new ClearedTable();
            cleared.put(ITEMS[0], ITEMS[1]);
            cleared.remove(ITEMS[0]);
            kept.add(cleared);
            int length = Array.getLength(array(cleared, HashMap.class, "table"));
            waste("EMPTY_COLLECTION", ClearedTable.class, 1, sizes.of(Object[].class, length), 1, ClearedTable.class);
        }
        for (Class<?> type : List.of(EmptyRows.class, EmptyTable.class, EmptyTree.class, Chain.class)) {
            waste("EMPTY_COLLECTION", type, 9, 0, 9, type);
        }
    }

    private <M extends Map<Object, Object>> void maps(int size, IntFunction<M> make, Class<?> declares, String field)
            throws Exception {
        M enough = make.apply(1);
        put(enough, size);
        for (int capacity : new int[] {1, 4 * size, 40 * size}) {
            M map = make.apply(capacity);
            put(map, size);
            spare(map, enough, declares, field);
        }
    }

    private void hashtables(int size) throws Exception {
        Synchronized enough = new Synchronized(1);
        // The first that does not grow.
        for (int capacity = 1; ; capacity++) {
            enough = new Synchronized(capacity);
            put(enough, size);
            if (Array.getLength(array(enough, Hashtable.class, "table")) == capacity) {
                break;
            }
        }
        for (int capacity : new int[] {1, 2 * size, 10 * size}) {
            Synchronized map = new Synchronized(capacity);
            put(map, size);
            spare(map, enough, Hashtable.class, "table");
        }
    }

    private void sets(int size) throws Exception {
        Tags enough = new Tags(1);
        fill(enough, size);
        Tags tags = new Tags(30 * size);
        fill(tags, size);
        kept.add(tags);
        Object long0 = array(array(tags, HashSet.class, "map"), HashMap.class, "table");
        Object short0 = array(array(enough, HashSet.class, "map"), HashMap.class, "table");
        spare(Tags.class, sizes.of(long0), sizes.of(short0), Array.getLength(short0), Array.getLength(long0));
    }

    private void queues() throws Exception {
        for (int i = 0; i < 30; i++) {
            int limit = 10 + i;
            int size = i * i % (limit + 1);
            Ring ring = new Ring(2 * limit);
            fill(ring, size + 1);
            Ring enough = new Ring(size + 1);
            fill(enough, size + 1);
            spare(ring, enough, ArrayDeque.class, "elements");
            queue(ring, size + 1, -1);
            Bounded bounded = new Bounded(limit);
            fill(bounded, size);
            kept.add(bounded);
            long bytes = sizes.of(Object[].class, limit) - sizes.of(Object[].class, size);
            waste("UNUSED_BUFFER", Bounded.class, bytes > 0 ? 1 : 0, bytes, 0, Bounded.class);
            queue(bounded, size, limit);
            linked(new Tasks(limit), size, limit);
            linked(new Tasks(Integer.MAX_VALUE), size, -1);
            linked(new Both(limit), size, limit);
            Loose loose = new Loose();
            fill(loose, limit);
            // Taken from the front, so that what is in it does not begin at its head.
            for (int taken = limit - size; taken > 0; taken--) {
                loose.remove();
            }
            keep(loose, size, -1);
            Skips skips = new Skips();
            put(skips, limit);
            for (int at = size; at < limit; at++) {
                skips.remove(ITEMS[at]);
            }
            kept.add(skips);
            waste("EMPTY_COLLECTION", Skips.class, size == 0 ? 1 : 0, 0, size == 0 ? 1 : 0, Skips.class);
        }
    }

    private void linked(Collection<Object> queue, int size, int limit) {
        fill(queue, size);
        keep(queue, size, limit);
    }

    private void keep(Collection<Object> queue, int size, int limit) {
        kept.add(queue);
        if (size == 0) {
            waste("EMPTY_COLLECTION", queue.getClass(), 1, 0, 1, queue.getClass());
        }
        queue(queue, size, limit);
    }

    private void nulls() {
        for (int present = 0; present < 20; present++) {
            Item[] items = new Item[20];
            System.arraycopy(ITEMS, 0, items, 20 - present, present);
            kept.add(items);
            if (present < 10) {
                long bytes = sizes.of(items) - sizes.of(Item[].class, present);
                waste("NULL_ARRAY", Item[].class, 1, bytes, 0, Item.class);
            }
        }
    }

    // ---- what is written down

    private static void fill(Collection<Object> collection, int size) {
        for (int i = 0; i < size; i++) {
            collection.add(ITEMS[i]);
        }
    }

    private static void put(Map<Object, Object> map, int size) {
        for (int i = 0; i < size; i++) {
            map.put(ITEMS[i], ITEMS[size - i]);
        }
    }

    private static Object array(Object of, Class<?> declares, String name) throws Exception {
        Field field = declares.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    /** Keeps the one; the other, whose elements are the same, is as small as can be. */
    private void spare(Object made, Object enough, Class<?> declares, String field) throws Exception {
        kept.add(made);
        Object array = array(made, declares, field);
        Object shortest = array(enough, declares, field);
        spare(made.getClass(), sizes.of(array), sizes.of(shortest), Array.getLength(shortest), Array.getLength(array));
    }

    private void spare(Class<?> type, long bytes, long enoughBytes, int enough, int length) {
        if (bytes > enoughBytes) {
            String kind = 2 * enough <= length ? "SPARSE_COLLECTION" : "SPARE_CAPACITY";
            waste(kind, type, 1, bytes - enoughBytes, 0, type);
        }
    }

    private void waste(String kind, Class<?> holder, long objects, long arrayBytes, long instances, Class<?> type) {
        add(truth, kind + "\t" + holder.getTypeName() + "\t" + type.getName(), objects, arrayBytes, instances);
    }

    private void queue(Collection<Object> queue, int size, int limit) {
        int bounded = limit < 0 ? 0 : 1;
        add(
                queues,
                queue.getClass().getName(),
                1,
                size == 0 ? 1 : 0,
                bounded,
                size == limit ? 1 : 0,
                size,
                Math.max(0, limit));
    }

    private static void add(Map<String, long[]> sums, String key, long... more) {
        long[] sum = sums.computeIfAbsent(key, made -> new long[more.length]);
        for (int i = 0; i < more.length; i++) {
            sum[i] += more[i];
        }
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>();
        truth.forEach((key, sum) -> {
            String[] names = key.split("\t", -1);
            if (sum[0] > 0) {
                lines.add(String.join("\t", names[0], names[1], "" + sum[0], "" + sum[1], "" + sum[2], names[2]));
            }
        });
        queues.forEach((type, sum) -> {
            StringBuilder line = new StringBuilder("queue\t" + type);
            for (long each : sum) {
                line.append('\t').append(each);
            }
            lines.add(line.toString());
        });
        Files.write(Path.of(TRUTH), lines);
    }
}

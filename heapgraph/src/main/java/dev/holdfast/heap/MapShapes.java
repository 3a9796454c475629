package dev.holdfast.heap;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The shapes of maps, and with them of the sets that are maps inside. */
final class MapShapes {
    /** Even, so that a key and its value are never parted. */
    private static final int BLOCK = 1 << 13;

    private MapShapes() {}

    /** A shape of maps. */
    private interface MapShape extends CollectionShape {
        @Override
        default boolean isMap() {
            return true;
        }
    }

    /** Reads the chains of a table of entries. */
    private static void readTable(
            ObjectFields fields,
            int table,
            String key,
            String value,
            String next,
            int nullKey,
            CollectionContents contents)
            throws IOException {
        if (!fields.isObjectArray(table)) {
            return;
        }
        ObjectGraph graph = fields.graph();
        for (long r = graph.firstReference(table); r < graph.endReference(table); r++) {
            int entry = graph.target(r);
            while (contents.visit(entry)) {
                int k = fields.reference(entry, key);
                contents.entry(k == nullKey ? ObjectFields.NONE : k, fields.reference(entry, value));
                entry = fields.reference(entry, next);
            }
        }
    }

    /**
     * A table of chains of entries.
     *
     * @param size the field with the number of mappings
     * @param next the field of an entry that leads to the next of its chain; empty if there is one entry a place
     * @param nullKey the static field of {@code java.util.WeakHashMap} that stands for the null key, or empty
     */
    record Hash(String size, String key, String value, String next, String nullKey) implements MapShape {
        @Override
        public CollectionLayout layout() {
            CollectionLayout.Backing backing = size.equals("count")
                    ? CollectionLayout.Backing.CHAINS
                    : next.isEmpty() ? CollectionLayout.Backing.OPEN : CollectionLayout.Backing.HASH;
            return new CollectionLayout(backing, true, "table", List.of(size));
        }

        @Override
        public String requiredField() {
            return "table";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return fields.number(object, size, -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "table"));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int none = nullKey.isEmpty() ? ObjectFields.NONE : fields.staticReference("java.util.WeakHashMap", nullKey);
            readTable(fields, fields.reference(object, "table"), key, value, next, none, contents);
        }
    }

    /**
     * A hash map whose entries are chained in the order of insertion too.
     *
     * @param first the field with the first entry, or with one that is none and comes before it
     * @param firstIsEntry whether it is an entry
     */
    record Linked(String first, boolean firstIsEntry) implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.HASH, true, "table", List.of("size"));
        }

        @Override
        public String requiredField() {
            return first;
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return fields.number(object, "size", -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "table"));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int entry = fields.reference(object, first);
            if (!firstIsEntry && contents.visit(entry)) {
                entry = fields.reference(entry, "after");
            }
            while (contents.visit(entry)) {
                contents.entry(fields.reference(entry, "key"), fields.reference(entry, "value"));
                entry = fields.reference(entry, "after");
            }
        }
    }

    /**
     * {@code ConcurrentHashMap} since JDK 8. Bins may be trees, and while it grows bins move from {@code table} to
     * {@code nextTable} one by one.
     */
    record Concurrent() implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.CELLS, true, "table", List.of("baseCount"));
        }

        @Override
        public String requiredField() {
            return "counterCells";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            long size = fields.number(object, "baseCount", 0);
            int cells = fields.reference(object, "counterCells");
            if (fields.isObjectArray(cells)) {
                ObjectGraph graph = fields.graph();
                for (long r = graph.firstReference(cells); r < graph.endReference(cells); r++) {
                    size += fields.number(graph.target(r), "value", 0);
                }
            }
            return Math.max(0, size);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "table"));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            readBins(fields, fields.reference(object, "table"), contents);
            readBins(fields, fields.reference(object, "nextTable"), contents);
        }

        private static void readBins(ObjectFields fields, int table, CollectionContents contents) throws IOException {
            if (!fields.isObjectArray(table)) {
                return;
            }
            ObjectGraph graph = fields.graph();
            for (long r = graph.firstReference(table); r < graph.endReference(table); r++) {
                int bin = graph.target(r);
                int first = fields.reference(bin, "first");
                int node = first >= 0 ? first : bin;
                while (contents.visit(node)) {
                    int key = fields.reference(node, "key");
                    if (key >= 0) {
                        contents.entry(key, fields.reference(node, "val"));
                    }
                    node = fields.reference(node, "next");
                }
            }
        }
    }

    /** {@code ConcurrentHashMap} up to JDK 7: segments, each a hash table. */
    record Segmented() implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.FIXED, true, "", List.of());
        }

        @Override
        public String requiredField() {
            return "segments";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return sum(fields, object, true);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return sum(fields, object, false);
        }

        private static long sum(ObjectFields fields, int object, boolean counts) throws IOException {
            int segments = fields.reference(object, "segments");
            long sum = 0;
            if (fields.isObjectArray(segments)) {
                ObjectGraph graph = fields.graph();
                for (long r = graph.firstReference(segments); r < graph.endReference(segments); r++) {
                    int segment = graph.target(r);
                    sum += counts
                            ? fields.number(segment, "count", 0)
                            : fields.length(fields.reference(segment, "table"));
                }
            }
            return sum;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int segments = fields.reference(object, "segments");
            if (!fields.isObjectArray(segments)) {
                return;
            }
            ObjectGraph graph = fields.graph();
            for (long r = graph.firstReference(segments); r < graph.endReference(segments); r++) {
                int segment = graph.target(r);
                if (contents.visit(segment)) {
                    int table = fields.reference(segment, "table");
                    readTable(fields, table, "key", "value", "next", ObjectFields.NONE, contents);
                }
            }
        }
    }

    /** A binary search tree, in order. */
    record Tree() implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.NODES, true, "", List.of("size"));
        }

        @Override
        public String requiredField() {
            return "root";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return fields.number(object, "size", -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int[] path = new int[64];
            int depth = 0;
            int node = fields.reference(object, "root");
            while (true) {
                while (contents.visit(node)) {
                    if (depth == path.length) {
                        path = Arrays.copyOf(path, depth * 2);
                    }
                    path[depth++] = node;
                    node = fields.reference(node, "left");
                }
                if (depth == 0) {
                    return;
                }
                node = path[--depth];
                contents.entry(fields.reference(node, "key"), fields.reference(node, "value"));
                node = fields.reference(node, "right");
            }
        }
    }

    /**
     * An array with keys and values by turns.
     *
     * @param nullKey the static field of {@code java.util.IdentityHashMap} that stands for the null key, or empty
     */
    record Pairs(String nullKey) implements MapShape {
        @Override
        public CollectionLayout layout() {
            // Those without a key for null never change.
            return nullKey.isEmpty()
                    ? new CollectionLayout(CollectionLayout.Backing.FIXED, true, "", List.of())
                    : new CollectionLayout(CollectionLayout.Backing.PAIRS, true, "table", List.of("size"));
        }

        @Override
        public String requiredField() {
            return "table";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return fields.number(object, "size", -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "table")) / 2;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int table = fields.reference(object, "table");
            if (!fields.isObjectArray(table)) {
                return;
            }
            int none = nullKey.isEmpty()
                    ? ObjectFields.NONE
                    : fields.staticReference("java.util.IdentityHashMap", nullKey);
            long length = fields.length(table);
            for (long from = 0; from < length; from += BLOCK) {
                long[] block = fields.elements(table, from, BLOCK);
                for (int i = 0; i + 1 < block.length; i += 2) {
                    if (block[i] != 0) {
                        int key = fields.indexOf(block[i]);
                        contents.entry(key == none ? ObjectFields.NONE : key, fields.indexOf(block[i + 1]));
                    }
                }
                if (block.length < 2) {
                    return;
                }
            }
        }
    }

    /** A field for a key and one for its value; or none. */
    record Single(String key, String value) implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.FIXED, true, "", List.of());
        }

        @Override
        public String requiredField() {
            return key;
        }

        @Override
        public long size(ObjectFields fields, int object) {
            return key.isEmpty() ? 0 : 1;
        }

        @Override
        public long capacity(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            if (!key.isEmpty()) {
                contents.entry(fields.reference(object, key), fields.reference(object, value));
            }
        }
    }

    /** A value for each constant of an enum; null where there is no mapping. */
    record ByEnum() implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.FIXED, true, "", List.of());
        }

        @Override
        public String requiredField() {
            return "keyUniverse";
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return fields.number(object, "size", -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "vals"));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int keys = fields.reference(object, "keyUniverse");
            int values = fields.reference(object, "vals");
            if (!fields.isObjectArray(keys) || !fields.isObjectArray(values)) {
                return;
            }
            int none = fields.staticReference("java.util.EnumMap", "NULL");
            long[] key = fields.elements(keys, 0, BLOCK);
            long[] value = fields.elements(values, 0, BLOCK);
            for (int i = 0; i < Math.min(key.length, value.length); i++) {
                if (value[i] != 0) {
                    int at = fields.indexOf(value[i]);
                    contents.entry(fields.indexOf(key[i]), at == none ? ObjectFields.NONE : at);
                }
            }
        }
    }

    /** {@code ConcurrentSkipListMap}: the chain of all nodes below its indices; markers and deleted nodes left out. */
    record SkipList() implements MapShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.NODES, true, "", List.of());
        }

        @Override
        public String requiredField() {
            return "head";
        }

        @Override
        public long size(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public long capacity(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int head = fields.reference(object, "head");
            int node = head < 0 ? ObjectFields.NONE : fields.reference(head, "node");
            while (contents.visit(node)) {
                int key = fields.reference(node, "key");
                // "val" since JDK 11.
                int val = fields.reference(node, "val");
                int value = val >= 0 ? val : fields.reference(node, "value");
                if (key >= 0 && value >= 0) {
                    contents.entry(key, value);
                }
                node = fields.reference(node, "next");
            }
        }
    }
}

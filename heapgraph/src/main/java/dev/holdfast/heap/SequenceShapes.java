package dev.holdfast.heap;

import java.io.IOException;
import java.util.List;

/** The shapes of lists, queues and of the sets that are no maps inside. */
final class SequenceShapes {
    private static final int BLOCK = 1 << 13;

    private SequenceShapes() {}

    /** The non-null elements of an array in order. */
    private static void readArray(ObjectFields fields, int array, CollectionContents contents) {
        if (fields.isObjectArray(array)) {
            ObjectGraph graph = fields.graph();
            for (long r = graph.firstReference(array); r < graph.endReference(array); r++) {
                contents.element(graph.target(r));
            }
        }
    }

    /**
     * An array, filled from its start.
     *
     * @param size the field with the number of elements; empty if all of the array counts
     */
    record Filled(String array, String size) implements CollectionShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(
                    CollectionLayout.Backing.FILLED, false, array, size.isEmpty() ? List.of() : List.of(size));
        }

        @Override
        public String requiredField() {
            return array;
        }

        @Override
        public boolean isMap() {
            return false;
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return size.isEmpty() ? capacity(fields, object) : fields.number(object, size, -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, array));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            readArray(fields, fields.reference(object, array), contents);
        }
    }

    /**
     * An array that is used in the round.
     *
     * @param from the field with the index of the first element
     * @param to the field with the index behind the last, or of the count
     * @param counts whether {@code to} is the count
     */
    record Ring(String array, String from, String to, boolean counts) implements CollectionShape {
        @Override
        public CollectionLayout layout() {
            return counts
                    ? new CollectionLayout(CollectionLayout.Backing.BOUNDED, false, array, List.of(to))
                    : new CollectionLayout(CollectionLayout.Backing.RING, false, array, List.of(from, to));
        }

        @Override
        public String requiredField() {
            return array;
        }

        @Override
        public boolean isMap() {
            return false;
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            long length = capacity(fields, object);
            long end = fields.number(object, to, 0);
            return counts ? end : length == 0 ? 0 : Math.floorMod(end - fields.number(object, from, 0), length);
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, array));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int elements = fields.reference(object, array);
            long length = fields.length(elements);
            if (length == 0 || !fields.isObjectArray(elements)) {
                return;
            }
            long at = Math.floorMod(fields.number(object, from, 0), length);
            long left = Math.min(length, Math.max(0, size(fields, object)));
            while (left > 0) {
                long[] block = fields.elements(elements, at, (int) Math.min(BLOCK, Math.min(left, length - at)));
                if (block.length == 0) {
                    return;
                }
                for (long address : block) {
                    contents.element(fields.indexOf(address));
                }
                left -= block.length;
                at = (at + block.length) % length;
            }
        }
    }

    /**
     * A chain of nodes; the first may be one without an element, and the last may lead back to it.
     *
     * @param size the field with the number of elements; empty if there is none
     */
    record Chain(String first, String item, String next, String size) implements CollectionShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(
                    CollectionLayout.Backing.NODES, false, "", size.isEmpty() ? List.of() : List.of(size));
        }

        @Override
        public String requiredField() {
            return first;
        }

        @Override
        public boolean isMap() {
            return false;
        }

        @Override
        public long size(ObjectFields fields, int object) throws IOException {
            return size.isEmpty() ? -1 : fields.number(object, size, -1);
        }

        @Override
        public long capacity(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int node = fields.reference(object, first);
            while (contents.visit(node)) {
                contents.element(fields.reference(node, item));
                node = fields.reference(node, next);
            }
        }
    }

    /**
     * A field for each element.
     *
     * @param mayHoldNull whether an element may be null, so that all fields always count
     */
    record Fixed(List<String> elements, boolean mayHoldNull) implements CollectionShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.FIXED, false, "", List.of());
        }

        @Override
        public String requiredField() {
            return elements.isEmpty() ? "" : elements.get(0);
        }

        @Override
        public boolean isMap() {
            return false;
        }

        @Override
        public long size(ObjectFields fields, int object) {
            return mayHoldNull ? elements.size() : -1;
        }

        @Override
        public long capacity(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            // Stands in the second field of immutable collections of one element since JDK 12.
            int nothing = fields.staticReference("java.util.ImmutableCollections", "EMPTY");
            for (String field : elements) {
                int element = fields.reference(object, field);
                if (element != nothing) {
                    contents.element(element);
                }
            }
        }
    }

    /** Bits, one for each constant of an enum; {@code elements} is a long or an array of them. */
    record EnumBits() implements CollectionShape {
        @Override
        public CollectionLayout layout() {
            return new CollectionLayout(CollectionLayout.Backing.FIXED, false, "", List.of());
        }

        @Override
        public String requiredField() {
            return "elements";
        }

        @Override
        public boolean isMap() {
            return false;
        }

        @Override
        public long size(ObjectFields fields, int object) {
            return -1;
        }

        @Override
        public long capacity(ObjectFields fields, int object) throws IOException {
            return fields.length(fields.reference(object, "universe"));
        }

        @Override
        public void read(ObjectFields fields, int object, CollectionContents contents) throws IOException {
            int universe = fields.reference(object, "universe");
            if (!fields.isObjectArray(universe)) {
                return;
            }
            int words = fields.reference(object, "elements");
            // Enums have at most some thousand constants: a class file's constant pool holds no more.
            long[] bits =
                    words >= 0 ? fields.elements(words, 0, BLOCK) : new long[] {fields.number(object, "elements", 0)};
            long[] constants = fields.elements(universe, 0, BLOCK);
            for (int i = 0; i < constants.length && i >>> 6 < bits.length; i++) {
                if ((bits[i >>> 6] >>> i & 1) != 0) {
                    contents.element(fields.indexOf(constants[i]));
                }
            }
        }
    }
}

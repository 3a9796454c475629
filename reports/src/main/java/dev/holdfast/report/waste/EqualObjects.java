package dev.holdfast.report.waste;

import dev.holdfast.dump.ContentDigest;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds strings and boxed numbers that are equal to one of a lower address, and the arrays of such strings.
 *
 * <p>Each thread takes the objects whose digests fall to it, in address order, so that what is kept does not depend on
 * threads. An open hash table of object numbers, at most two thirds full: 6 to 12 bytes a string or number.
 */
final class EqualObjects {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final JavaTypes types;
    private final Payloads payloads;
    private final Bits parts;
    private final Bits candidates;
    private final Bits duplicates;
    private final Bits duplicateArrays;

    /**
     * Prepares.
     *
     * @param payloads of strings what stands for their contents, 0 if that is not known; of boxed numbers the value
     * @param parts strings that do not have all of their array
     * @param candidates the reachable strings and boxed numbers that can be told by what they hold
     */
    EqualObjects(HeapSnapshot heap, JavaTypes types, Payloads payloads, Bits parts, Bits candidates) {
        this.heap = heap;
        this.graph = heap.graph();
        this.types = types;
        this.payloads = payloads;
        this.parts = parts;
        this.candidates = candidates;
        this.duplicates = new Bits(graph.objectCount());
        this.duplicateArrays = new Bits(graph.objectCount());
    }

    /** Whether the object is equal to one of a lower address. */
    boolean duplicate(int object) {
        return duplicates.get(object);
    }

    /** Whether the array belongs to equal strings, of which another, or the same, has an array that is kept. */
    boolean duplicateArray(int array) {
        return duplicateArrays.get(array);
    }

    /**
     * Finds them.
     *
     * @param counts how many strings and numbers fall to each part, see {@link #part}
     */
    void find(long[] counts) {
        List<Part> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            all.add(new Part(i, counts.length, counts[i]));
        }
        heap.sideBySide(List.copyOf(all));
        for (Part part : all) {
            duplicates.add(part.mine);
            duplicateArrays.add(part.arrays);
        }
    }

    /** Which of several parts a string or number falls to. */
    static int part(long key, int parts) {
        return (int) Long.remainderUnsigned(key >>> 40, parts);
    }

    /** What objects are found by; 0 if they are not looked at. */
    static long key(byte role, int type, long payload) {
        return switch (role) {
            case JavaTypes.STRING, JavaTypes.SUBSTRING -> payload;
            case JavaTypes.BOXED -> ContentDigest.with(payload, type);
            default -> 0;
        };
    }

    private final class Part implements Runnable {
        private final int number;
        private final int parts;
        private final Bits mine = new Bits(graph.objectCount());
        private final Bits arrays = new Bits(graph.objectCount());
        private final Bits seen = new Bits(graph.objectCount());
        private final IntTable table;

        Part(int number, int parts, long count) {
            this.number = number;
            this.parts = parts;
            this.table = new IntTable(count);
        }

        @Override
        public void run() {
            for (int object = candidates.next(0); object >= 0; object = candidates.next(object + 1)) {
                int type = graph.typeOf(object);
                byte role = types.role(type);
                long payload = payloads.get(object);
                long key = key(role, type, payload);
                if (part(key, parts) == number) {
                    add(object, type, role, payload, key);
                }
            }
        }

        private void add(int object, int type, byte role, long payload, long key) {
            boolean first = true;
            int place = table.place(key);
            for (int other = table.at(place); other >= 0; other = table.at(place)) {
                if (payloads.get(other) == payload && graph.typeOf(other) == type) {
                    first = false;
                    mine.set(object);
                    break;
                }
                place = table.next(place);
            }
            if (first) {
                table.put(place, object);
            }
            if (role != JavaTypes.BOXED && !parts(object)) {
                array(object, type, first);
            }
        }

        private boolean parts(int object) {
            return EqualObjects.this.parts.get(object);
        }

        private void array(int object, int type, boolean first) {
            int array = References.of(graph, object, types.slot(type));
            if (array >= 0 && !seen.get(array)) {
                seen.set(array);
                if (!first) {
                    arrays.set(array);
                }
            }
        }
    }
}

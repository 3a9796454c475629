package dev.holdfast.heap;

import java.util.Arrays;

/** The objects of each type, ascending; immutable and thread-safe. Memory: 4 bytes an object. */
final class TypeInstances {
    private final int[] starts;
    private final IntColumn objects;
    private final int[] typesByClassObject;
    private final int[] typeNode;

    private TypeInstances(int[] starts, IntColumn objects, int[] typesByClassObject, int[] typeNode) {
        this.starts = starts;
        this.objects = objects;
        this.typesByClassObject = typesByClassObject;
        this.typeNode = typeNode;
    }

    static TypeInstances of(ObjectGraph graph, ColumnStore store) {
        int count = graph.objectCount();
        int[] starts = new int[graph.types().size() + 1];
        for (int object = 0; object < count; object++) {
            starts[graph.typeOf(object)]++;
        }
        int sum = 0;
        for (int type = 0; type < starts.length; type++) {
            sum += starts[type];
            starts[type] = sum;
        }
        IntColumn objects = store.ints(count);
        for (int object = count - 1; object >= 0; object--) {
            objects.set(--starts[graph.typeOf(object)], object);
        }
        int[] typeNode = graph.typeNodes();
        long[] sorted = new long[typeNode.length];
        for (int type = 0; type < typeNode.length; type++) {
            sorted[type] = (long) typeNode[type] << 32 | type;
        }
        Arrays.sort(sorted);
        int[] byClassObject = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            byClassObject[i] = (int) sorted[i];
        }
        return new TypeInstances(starts, objects, byClassObject, typeNode);
    }

    /** Place of the type's first object. */
    int first(int type) {
        return starts[type];
    }

    /** The place behind the type's last object. */
    int end(int type) {
        return starts[type + 1];
    }

    /** The object at a place. */
    int object(int place) {
        return objects.get(place);
    }

    /** The types whose class object is the node, ascending: none, or one in all but damaged dumps. */
    int[] typesOfClassObject(int node) {
        int from = lowerBound(node);
        int to = from;
        while (to < typesByClassObject.length && typeNode[typesByClassObject[to]] == node) {
            to++;
        }
        return Arrays.copyOfRange(typesByClassObject, from, to);
    }

    private int lowerBound(int node) {
        int low = 0;
        int high = typesByClassObject.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (typeNode[typesByClassObject[middle]] < node) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

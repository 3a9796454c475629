package dev.holdfast.report;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.heap.HeapSnapshot;
import java.util.Arrays;

/** Which objects of a heap have a recorded allocation site, in the order of objects; immutable. 8 bytes each. */
final class AllocatedObjects {
    private final int[] objects;
    private final int[] sites;

    private AllocatedObjects(int[] objects, int[] sites) {
        this.objects = objects;
        this.sites = sites;
    }

    /** Looks the sites' addresses up; of several in one object, as in a block of tiny ones, the first names it. */
    static AllocatedObjects of(HeapSnapshot heap) {
        AllocationSites recorded = heap.dump().allocationSites();
        int[] objects = new int[recorded.count()];
        int[] sites = new int[objects.length];
        int count = 0;
        for (int i = 0; i < objects.length; i++) {
            long address = recorded.address(i);
            int object = heap.graph().indexOf(address);
            if (object < 0) {
                object = heap.graph().containing(address);
            }
            if (object >= 0 && (count == 0 || objects[count - 1] < object)) {
                objects[count] = object;
                sites[count++] = recorded.site(i);
            }
        }
        return new AllocatedObjects(Arrays.copyOf(objects, count), Arrays.copyOf(sites, count));
    }

    /** Position of the first such object from an object on; {@link #count()} if there is none. */
    int from(int object) {
        int position = Arrays.binarySearch(objects, object);
        return position < 0 ? -position - 1 : position;
    }

    int count() {
        return objects.length;
    }

    /** The object at a position, or the largest number behind the last. */
    int object(int position) {
        return position < objects.length ? objects[position] : Integer.MAX_VALUE;
    }

    /** Where the object at a position was allocated. */
    int site(int position) {
        return sites[position];
    }
}

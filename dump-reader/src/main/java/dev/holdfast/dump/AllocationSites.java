package dev.holdfast.dump;

import java.util.List;

/** Where objects were allocated, as far as the dump records it; immutable and thread-safe. */
public final class AllocationSites {
    /** No object has a recorded site. */
    public static final AllocationSites NONE = new AllocationSites(new long[0], new int[0], List.of());

    private final long[] addresses;
    private final int[] sites;
    private final List<List<StackFrame>> stacks;

    /**
     * Takes ownership of the arrays.
     *
     * @param addresses objects with a site, ascending unsigned
     * @param sites for each of them an index into {@code stacks}
     * @param stacks call stacks, leaf first
     */
    public AllocationSites(long[] addresses, int[] sites, List<List<StackFrame>> stacks) {
        if (addresses.length != sites.length) {
            throw new IllegalArgumentException(addresses.length + " addresses, " + sites.length + " sites");
        }
        this.addresses = addresses;
        this.sites = sites;
        this.stacks = List.copyOf(stacks);
    }

    /** How many objects have a site. */
    public int count() {
        return addresses.length;
    }

    /** The object at a position, ascending. */
    public long address(int position) {
        return addresses[position];
    }

    /** The site of the object at a position, an index into {@link #stacks()}. */
    public int site(int position) {
        return sites[position];
    }

    /** Position of an object, or negative if it has no site. */
    public int positionOf(long address) {
        int low = 0;
        int high = addresses.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(addresses[middle], address);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The call stacks, leaf first. */
    public List<List<StackFrame>> stacks() {
        return stacks;
    }
}

package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.io.LongLongMap;
import java.util.ArrayList;
import java.util.List;

/**
 * The types of a heap dump. It records next to none, so what is not known is told apart by the size of the slot and by
 * whether it has pointers.
 *
 * <p>Types are numbered while the objects are read; afterwards this is immutable.
 */
final class Types {
    /** Larger objects have a span of their own, and their sizes are no classes. */
    static final long LARGEST_CLASS = 32768;

    private final List<String> names = new ArrayList<>();
    private final int[] unknown = new int[2 * (int) (LARGEST_CLASS / Long.BYTES + 2)];
    private final LongLongMap descriptors = new LongLongMap();
    private final java.util.Map<String, Integer> byName = new java.util.HashMap<>();

    Types() {
        names.add("(unknown)");
    }

    /** A type that the dump names; its name stands for no more than one type only if it has a package. */
    void descriptor(long address, long size, String name) {
        // Types without a name of their own, such as *T, are written as a package and a dot.
        if (!name.isEmpty() && !name.endsWith(".")) {
            descriptors.put(address, named(name));
        }
    }

    int named(String name) {
        return byName.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    /** Number of the type whose descriptor is at an address, or 0. */
    int ofDescriptor(long address) {
        return (int) descriptors.get(address, 0);
    }

    /** Notes that there are objects of an unknown type. */
    void addUnknown(long size, boolean pointers) {
        int key = key(size, pointers);
        if (unknown[key] == 0) {
            String what = size > LARGEST_CLASS ? "large" : size + " bytes";
            names.add("(unknown " + what + (pointers ? ")" : ", no pointers)"));
            unknown[key] = names.size() - 1;
        }
    }

    /** Number of the type of objects of which nothing more is known. */
    int ofUnknown(long size, boolean pointers) {
        return unknown[key(size, pointers)];
    }

    private static int key(long size, boolean pointers) {
        return 2 * (int) (Math.min(size, LARGEST_CLASS + Long.BYTES) / Long.BYTES) + (pointers ? 1 : 0);
    }

    /** Whether a number is that of a type with a name of its own. */
    boolean known(int type) {
        return names.get(type).charAt(0) != '(';
    }

    /** Sizes of objects whose size is given in words. */
    ShallowSizes sizes() {
        long[] width = new long[names.size()];
        java.util.Arrays.fill(width, Long.BYTES);
        return new ShallowSizes(new long[names.size()], width, Long.BYTES);
    }

    List<DumpType> list() {
        List<DumpType> list = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            DumpType.Kind kind = known(i) ? DumpType.Kind.INSTANCE : DumpType.Kind.UNKNOWN;
            list.add(new DumpType(
                    i, names.get(i), kind, -1, 0, false, 0, List.of(), List.of(), List.of(), -1, Strength.STRONG, ""));
        }
        return List.copyOf(list);
    }
}

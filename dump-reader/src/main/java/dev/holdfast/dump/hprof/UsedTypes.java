package dev.holdfast.dump.hprof;

import java.util.BitSet;

/** Which classes and element types the objects that one worker met are of; a byte a class. */
final class UsedTypes {
    private final boolean[] classes;
    private final boolean[] primitives = new boolean[12];

    /** For classes with numbers below the count. */
    UsedTypes(int count) {
        classes = new boolean[count];
    }

    void classNumber(int number) {
        classes[number] = true;
    }

    void primitive(int code) {
        primitives[code] = true;
    }

    /** Adds the numbers of the classes. */
    void addClassesTo(BitSet all) {
        addTo(all, classes);
    }

    /** Adds the codes of the element types. */
    void addPrimitivesTo(BitSet all) {
        addTo(all, primitives);
    }

    private static void addTo(BitSet all, boolean[] used) {
        for (int i = 0; i < used.length; i++) {
            if (used[i]) {
                all.set(i);
            }
        }
    }
}

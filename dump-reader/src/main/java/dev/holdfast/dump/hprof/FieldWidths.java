package dev.holdfast.dump.hprof;

/**
 * How many fields of each width a class declares itself (instance fields) or holds as statics: all that a layout needs,
 * since no rule of HotSpot looks at names or at the order of declaration.
 *
 * <p>Immutable; 40 bytes.
 */
record FieldWidths(int references, int eights, int fours, int twos, int ones) {
    static final FieldWidths NONE = new FieldWidths(0, 0, 0, 0, 0);

    /** Counts basic types in the codes of the format (hprof.md 1.3): 2 object, 4 boolean, ... 11 long. */
    static FieldWidths of(byte... types) {
        return of(types, 0, types.length);
    }

    /** Counts the basic types {@code types[from..to)}; a code that is none is skipped. */
    static FieldWidths of(byte[] types, int from, int to) {
        int references = 0;
        int eights = 0;
        int fours = 0;
        int twos = 0;
        int ones = 0;
        for (int i = from; i < to; i++) {
            switch (types[i]) {
                case 1, 2 -> references++;
                case 7, 11 -> eights++;
                case 6, 10 -> fours++;
                case 5, 9 -> twos++;
                case 4, 8 -> ones++;
                default -> {}
            }
        }
        return references + eights + fours + twos + ones == 0
                ? NONE
                : new FieldWidths(references, eights, fours, twos, ones);
    }

    FieldWidths plus(FieldWidths other) {
        return new FieldWidths(
                references + other.references,
                eights + other.eights,
                fours + other.fours,
                twos + other.twos,
                ones + other.ones);
    }

    /** The difference, nothing below zero. */
    FieldWidths minus(FieldWidths other) {
        return new FieldWidths(
                Math.max(0, references - other.references),
                Math.max(0, eights - other.eights),
                Math.max(0, fours - other.fours),
                Math.max(0, twos - other.twos),
                Math.max(0, ones - other.ones));
    }

    boolean covers(FieldWidths other) {
        return references >= other.references
                && eights >= other.eights
                && fours >= other.fours
                && twos >= other.twos
                && ones >= other.ones;
    }

    boolean isNone() {
        return (references | eights | fours | twos | ones) == 0;
    }

    /** The sum of the widths, without any padding. */
    long bytes(int reference) {
        return (long) references * reference + 8L * eights + 4L * fours + 2L * twos + ones;
    }
}

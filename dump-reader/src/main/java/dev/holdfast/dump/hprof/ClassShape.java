package dev.holdfast.dump.hprof;

/**
 * What a CLASS_DUMP says that bears on sizes.
 *
 * <p>Immutable; about 150 bytes a class with its two {@link FieldWidths}.
 *
 * @param name the class name in internal or dotted form; "" where unknown
 * @param superclass the superclass's index in the same list, -1 for none or one that is not in the dump
 * @param fields the instance fields the class declares itself
 * @param statics all static fields recorded, those that the VM invented among them
 * @param inventedStatics how many of {@code statics} are references that HotSpot writes although the mirror has no such
 *     field ({@link #isInventedStatic})
 * @param declaredSize the "instance size" of the CLASS_DUMP: a sum of widths from HotSpot, the size of the object from
 *     ART and native-image
 * @param mirror the id of the class object, 0 where unknown
 */
record ClassShape(
        String name,
        int superclass,
        FieldWidths fields,
        FieldWidths statics,
        int inventedStatics,
        long declaredSize,
        long mirror) {

    /**
     * Whether a static is one that HotSpot only writes: the resolved-references array of the constant pool and, in
     * JDK 8, the initialisation lock, which is not among the mirror's statics (hprof.md 1.4).
     */
    static boolean isInventedStatic(String name) {
        return switch (name) {
            case "<resolved_references>", "resolved_references", "<init_lock>", "init_lock" -> true;
            default -> false;
        };
    }

    /** Whether the shape is of the class with this dotted name. */
    boolean isNamed(String dotted) {
        return name.length() == dotted.length() && dotted.equals(name.replace('/', '.'));
    }

    /** The statics that the mirror really holds. */
    FieldWidths mirrorStatics() {
        return inventedStatics == 0 ? statics : statics.minus(new FieldWidths(inventedStatics, 0, 0, 0, 0));
    }
}

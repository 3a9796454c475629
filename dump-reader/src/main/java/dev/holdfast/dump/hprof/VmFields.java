package dev.holdfast.dump.hprof;

/**
 * What HotSpot adds to a class behind the dump's back (hprof.md 2.4).
 *
 * @param injected fields that the VM gives to a class and that no CLASS_DUMP shows
 * @param padded own fields that stand alone between two paddings ({@code @Contended} with a group)
 * @param allPadded whether all own fields stand between two paddings ({@code @Contended} on the class)
 */
record VmFields(FieldWidths injected, FieldWidths padded, boolean allPadded) {
    /** {@code ContendedPaddingWidth} of every HotSpot; changed only by a flag. */
    static final int PADDING = 128;

    static final VmFields NONE = new VmFields(FieldWidths.NONE, FieldWidths.NONE, false);

    static VmFields injected(FieldWidths fields) {
        return new VmFields(fields, FieldWidths.NONE, false);
    }

    static VmFields padded(FieldWidths group) {
        return new VmFields(FieldWidths.NONE, group, false);
    }

    boolean pads() {
        return allPadded || !padded.isNone();
    }
}

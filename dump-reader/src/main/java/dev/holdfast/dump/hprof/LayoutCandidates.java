package dev.holdfast.dump.hprof;

import java.util.ArrayList;
import java.util.List;

/** The layouts that a 64-bit or a 32-bit VM can have, in the order that decides where nothing else does. */
final class LayoutCandidates {
    private LayoutCandidates() {}

    /** The combinations that exist for an id size, the most usual ones first. */
    static List<ObjectLayout> of(int idSize, int alignment, boolean declared) {
        List<ObjectLayout> all = new ArrayList<>();
        if (declared) {
            for (int header : new int[] {8, 12, 16}) {
                add(all, header, 4, alignment, FieldRule.DECLARED, ArrayBase.ELEMENT);
                add(all, header, 4, alignment, FieldRule.DECLARED, ArrayBase.WORD);
                if (idSize == 8) {
                    add(all, header, 8, alignment, FieldRule.DECLARED, ArrayBase.ELEMENT);
                    add(all, header, 8, alignment, FieldRule.DECLARED, ArrayBase.WORD);
                }
            }
            return all;
        }
        if (idSize == 4) {
            // 32-bit HotSpot: no gap before the first element but for 8-byte elements.
            add(all, 8, 4, alignment, FieldRule.BY_LEVEL, ArrayBase.ELEMENT);
            add(all, 8, 4, alignment, FieldRule.FILL_HOLES, ArrayBase.ELEMENT);
            return all;
        }
        // With a 12-byte header both array rules give 16.
        add(all, 12, 4, alignment, FieldRule.FILL_HOLES, ArrayBase.WORD);
        add(all, 12, 8, alignment, FieldRule.FILL_HOLES, ArrayBase.WORD);
        add(all, 8, 4, alignment, FieldRule.FILL_HOLES, ArrayBase.ELEMENT);
        add(all, 8, 8, alignment, FieldRule.FILL_HOLES, ArrayBase.ELEMENT);
        add(all, 16, 8, alignment, FieldRule.FILL_HOLES, ArrayBase.WORD);
        add(all, 16, 8, alignment, FieldRule.FILL_HOLES, ArrayBase.ELEMENT);
        add(all, 16, 4, alignment, FieldRule.FILL_HOLES, ArrayBase.WORD);
        add(all, 16, 4, alignment, FieldRule.FILL_HOLES, ArrayBase.ELEMENT);
        // JDK 14 and earlier: no compressed references, no compressed class pointers.
        add(all, 12, 4, alignment, FieldRule.BY_LEVEL, ArrayBase.WORD);
        add(all, 16, 8, alignment, FieldRule.BY_LEVEL, ArrayBase.WORD);
        return all;
    }

    private static void add(
            List<ObjectLayout> all, int header, int reference, int alignment, FieldRule rule, ArrayBase base) {
        all.add(new ObjectLayout(header, reference, alignment, rule, base));
    }
}

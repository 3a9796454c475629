package dev.holdfast.dump.dwarf;

import java.util.Arrays;

/**
 * The shape of entries: their tag and which attributes they have in which form; immutable.
 *
 * <p>Nearly all entries are only passed over, so neighbouring attributes of fixed size are added up beforehand: the steps of
 * {@link #pass} are about half as many as the attributes.
 */
final class Abbreviation {
    final int tag;
    final boolean children;
    final int[] attributes;
    final int[] forms;
    final long[] implicit;
    /** Whether the index takes notice of such entries. */
    final boolean indexed;

    private final int[] steps;

    Abbreviation(
            int tag, boolean children, int[] attributes, int[] forms, long[] implicit, int offsetSize, int version) {
        this.tag = tag;
        this.children = children;
        this.attributes = attributes;
        this.forms = forms;
        this.implicit = implicit;
        this.indexed = Tag.isType(tag) || tag == Tag.SUBPROGRAM || tag == Tag.VARIABLE || tag == Tag.CONSTANT;
        int[] found = new int[forms.length];
        int count = 0;
        for (int form : forms) {
            int size = Form.size(form, offsetSize, version);
            if (size >= 0 && count > 0 && found[count - 1] >= 0) {
                found[count - 1] += size;
            } else {
                found[count++] = size;
            }
        }
        this.steps = Arrays.copyOf(found, count);
    }

    /** Passes the attributes of an entry. */
    void pass(Cursor cursor, int offsetSize, int version) {
        for (int step : steps) {
            if (step >= 0) {
                cursor.skip(step);
            } else if (step == Form.SIZE_LEB) {
                cursor.skipLeb();
            } else if (step == Form.SIZE_STRING) {
                cursor.skipString();
            } else {
                Form.skip(cursor, step, offsetSize, version);
            }
        }
    }

    /** Place of an attribute among the entry's, or -1. */
    int indexOf(int attribute) {
        for (int i = 0; i < attributes.length; i++) {
            if (attributes[i] == attribute) {
                return i;
            }
        }
        return -1;
    }
}

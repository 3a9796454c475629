package dev.holdfast.heap;

import dev.holdfast.dump.DumpField;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.ValueType;
import java.util.ArrayList;
import java.util.List;

/** Types and sizes in an index. */
final class IndexedTypes {
    private static final ValueType[] VALUE_TYPES = ValueType.values();
    private static final DumpType.Kind[] KINDS = DumpType.Kind.values();
    private static final Strength[] STRENGTHS = Strength.values();

    /** Fields, each at least a byte: name, kind, superclass, class object 8 + 1, loader 8, 3 lists, referent 2, name. */
    private static final int SMALLEST = 26;

    private IndexedTypes() {}

    static void write(IndexOutput out, List<DumpType> types) {
        out.list(types, type -> {
            out.text(type.name());
            out.number(type.kind().ordinal());
            out.signed(type.superType());
            out.word(type.classAddress());
            out.flag(type.hasClassObject());
            out.word(type.loaderAddress());
            fields(out, type.fields());
            fields(out, type.statics());
            out.list(type.referenceFields(), out::text);
            out.signed(type.referentSlot());
            out.number(type.referentStrength().ordinal());
            out.text(type.superTypeName());
        });
    }

    private static void fields(IndexOutput out, List<DumpField> fields) {
        out.list(fields, field -> {
            out.text(field.name());
            out.number(field.type().ordinal());
        });
    }

    static List<DumpType> read(IndexInput in) throws DumpFormatException {
        int count = in.count(SMALLEST);
        List<DumpType> types = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            types.add(new DumpType(
                    index,
                    in.text(),
                    in.constant(KINDS),
                    in.between(-1, count - 1L, "superclass"),
                    in.word(),
                    in.flag(),
                    in.word(),
                    fields(in),
                    fields(in),
                    List.copyOf(in.list(1, in::text)),
                    in.integer(),
                    in.constant(STRENGTHS),
                    in.text()));
        }
        return List.copyOf(types);
    }

    private static List<DumpField> fields(IndexInput in) throws DumpFormatException {
        return List.copyOf(in.list(2, () -> new DumpField(in.text(), in.constant(VALUE_TYPES))));
    }

    static void write(IndexOutput out, ShallowSizes sizes) {
        out.number(sizes.types());
        for (int type = 0; type < sizes.types(); type++) {
            out.signed(sizes.base(type));
            out.signed(sizes.width(type));
        }
        out.number(sizes.alignment());
    }

    static ShallowSizes readSizes(IndexInput in, int types) throws DumpFormatException {
        int count = in.count(2);
        if (count < types) {
            throw in.damaged("sizes of " + count + " types, not " + types);
        }
        long[] base = new long[count];
        long[] width = new long[count];
        for (int type = 0; type < count; type++) {
            base[type] = in.signed();
            width[type] = in.signed();
        }
        int alignment = in.upTo(1 << 20, "alignment");
        if (Integer.bitCount(alignment) != 1) {
            throw in.damaged("an alignment of " + alignment);
        }
        return new ShallowSizes(base, width, alignment);
    }
}

package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpField;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.ValueType;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.gotypes.GoField;
import dev.holdfast.dump.gotypes.GoKind;
import dev.holdfast.dump.gotypes.GoType;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.HeapType;
import dev.holdfast.dump.gotypes.HeapTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Types of a Go heap's objects, and single objects read by their types; immutable and thread-safe. */
final class GoObjectTypes implements FoundTypes {
    private final GoProgram program;
    private final SpanTable spans;
    private final GoTypes types;
    private final HeapTypes found;
    private final HeapPass pass;
    private final HeapPass.Filter filter;
    private final UntypedNames untyped;
    private final ObjectNumbers numbers;
    private final List<DumpType> all;
    private final int[] periods;

    GoObjectTypes(
            GoProgram program, SpanTable spans, GoTypes types, HeapTypes found, HeapPass pass, HeapPass.Filter filter) {
        this.program = program;
        this.spans = spans;
        this.types = types;
        this.found = found;
        this.pass = pass;
        this.filter = filter;
        this.untyped = new UntypedNames(spans);
        this.numbers = new ObjectNumbers(spans);
        List<DumpType> list = new ArrayList<>(untyped.types());
        for (HeapType type : found.list().subList(1, found.list().size())) {
            list.add(dumpType(list.size(), type));
        }
        this.all = List.copyOf(list);
        this.periods = new int[list.size()];
        for (int type = 0; type < periods.length; type++) {
            periods[type] = period(typed(type));
        }
    }

    /** All types; index 0 is the unknown one. */
    List<DumpType> all() {
        return all;
    }

    /** The types that objects have, by slot. */
    HeapTypes found() {
        return found;
    }

    /** Type of the object in a slot. */
    int ofSlot(int slot) {
        int type = found.type(slot);
        return type == 0
                ? untyped.ofSpan(spans.spanOfSlot(slot))
                : untyped.types().size() + type - 1;
    }

    /** The type of that index, or null if it is an unknown one. */
    private @Nullable HeapType typed(int index) {
        int at = index - untyped.types().size() + 1;
        return at <= 0 ? null : found.list().get(at);
    }

    private DumpType dumpType(int index, HeapType type) {
        List<DumpField> fields = new ArrayList<>();
        for (GoField field : type.slice() ? List.<GoField>of() : type.type().fields()) {
            fields.add(new DumpField(field.name(), value(types.resolve(field.reference()))));
        }
        return new DumpType(
                index,
                type.name(),
                kind(type),
                -1,
                0,
                false,
                0,
                List.copyOf(fields),
                List.of(),
                List.of(),
                -1,
                Strength.STRONG,
                "");
    }

    private DumpType.Kind kind(HeapType type) {
        GoType element = element(type);
        if (element == null) {
            return DumpType.Kind.INSTANCE;
        }
        return value(element) == ValueType.REFERENCE ? DumpType.Kind.OBJECT_ARRAY : DumpType.Kind.PRIMITIVE_ARRAY;
    }

    /** What an array has elements of; null if it is no array. */
    private @Nullable GoType element(HeapType type) {
        if (type.slice() || type.type().kind() == GoKind.TEXT) {
            return type.type();
        }
        return type.type().kind() == GoKind.ARRAY ? types.resolve(type.type().element()) : null;
    }

    private static ValueType value(GoType type) {
        return switch (type.kind()) {
            case BOOL -> ValueType.BOOLEAN;
            case INT8, UINT8, TEXT -> ValueType.BYTE;
            case INT16, UINT16 -> ValueType.SHORT;
            case INT32, UINT32 -> ValueType.INT;
            case FLOAT32 -> ValueType.FLOAT;
            case FLOAT64 -> ValueType.DOUBLE;
            case INT, UINT, INT64, UINT64, UINTPTR, COMPLEX64, COMPLEX128 -> ValueType.LONG;
            default -> ValueType.REFERENCE;
        };
    }

    @Override
    public void of(int first, int[] into, int count) {
        int slot = numbers.slot(first);
        int word = slot >>> 6;
        long bits = spans.allocatedWord(word) & -1L << slot;
        for (int i = 0; i < count; i++) {
            while (bits == 0) {
                bits = spans.allocatedWord(++word);
            }
            into[i] = ofSlot((word << 6) + Long.numberOfTrailingZeros(bits));
            bits &= bits - 1;
        }
    }

    @Override
    public int period(int type) {
        return periods[type];
    }

    @Override
    public void references(int object, ReferenceSink sink) {
        int slot = numbers.slot(object);
        int span = spans.spanOfSlot(slot);
        int type = ofSlot(slot);
        pass.references(span, slot - spans.firstSlot(span), word -> wordSlot(type, word), filter, sink);
    }

    @Override
    public ShallowSizes sizes() {
        return sizes(all.size());
    }

    /** The sizes of objects of so many types, all of which are sized one by one. */
    static ShallowSizes sizes(int types) {
        long[] width = new long[types];
        Arrays.fill(width, 8);
        return new ShallowSizes(new long[types], width, 8);
    }

    /** How the pointer at a word of an object is named: by the word within an element, as far as a byte goes. */
    private int wordSlot(int type, long word) {
        long within = periods[type] > 0 ? word % periods[type] : word;
        return within < ReferenceSink.UNNAMED_SLOT ? (int) within : ReferenceSink.UNNAMED_SLOT;
    }

    private static int period(@Nullable HeapType type) {
        return type == null || !type.slice()
                ? 0
                : (int) Math.max(1, Math.min(Integer.MAX_VALUE, type.type().size() >>> 3));
    }

    /** Name of the reference at an offset of an object. */
    String referenceName(int type, long offset) {
        int at = type - untyped.types().size() + 1;
        String path = at <= 0 ? "" : found.path(at, offset);
        return path.isEmpty() ? "+" + offset : path;
    }

    /** How the type of an object is known, by its place in address order. */
    Evidence evidence(int object) {
        return found.evidence(numbers.slot(object));
    }

    /** The object in a slot. */
    RecordedObject read(int slot, long address) {
        int index = ofSlot(slot);
        HeapType type = typed(index);
        long elements = found.elements(slot, spans.spanOfSlot(slot));
        List<FieldValue> fields = new ArrayList<>();
        if (type != null && !type.slice()) {
            MemoryReader reader = program.reader();
            for (GoField field : type.type().fields()) {
                GoType of = types.resolve(field.reference());
                fields.add(new FieldValue(
                        field.name(), type.name(), value(of), bits(reader, address + field.offset(), of)));
            }
        }
        return new RecordedObject(address, index, elements, List.copyOf(fields), -1);
    }

    /** Elements of the array in a slot. */
    long[] readElements(int slot, long address, long from, int count) {
        HeapType type = typed(ofSlot(slot));
        GoType element = type == null ? null : element(type);
        long length = found.elements(slot, spans.spanOfSlot(slot));
        if (element == null || from < 0 || from >= length || count <= 0) {
            return new long[0];
        }
        MemoryReader reader = program.reader();
        long[] values = new long[(int) Math.min(count, length - from)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bits(reader, address + (from + i) * element.size(), element);
        }
        return values;
    }

    /** A number sign-extended, or the address of the object that the first word leads to; 0 for what is no pointer. */
    private long bits(MemoryReader reader, long address, GoType type) {
        try {
            return switch (value(type)) {
                case BOOLEAN -> reader.u8(address);
                case BYTE -> type.kind() == GoKind.INT8 ? (byte) reader.u8(address) : reader.u8(address);
                case SHORT -> type.kind() == GoKind.INT16 ? (short) reader.u16(address) : reader.u16(address);
                case INT -> type.kind() == GoKind.UINT32 ? reader.u32(address) : reader.i32(address);
                case FLOAT -> reader.i32(address);
                case LONG, DOUBLE -> reader.word(address);
                default -> pointer(reader, address, type);
            };
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    private long pointer(MemoryReader reader, long address, GoType type) {
        long at = type.kind() == GoKind.INTERFACE ? address + 8 : address;
        boolean leads = type.size() >= 8 && type.kind() != GoKind.STRUCT && type.kind() != GoKind.ARRAY;
        return leads ? spans.objectAt(reader.word(at)) : 0;
    }
}

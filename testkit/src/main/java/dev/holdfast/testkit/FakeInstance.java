package dev.holdfast.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance of a {@link HeapBuilder}; fields not set are zero. */
public final class FakeInstance extends FakeObject {
    private record Slot(FakeClass declaredIn, FakeClass.Field field, int position) {}

    private final long[] bits;
    private final @Nullable FakeRef[] targets;

    FakeInstance(long address, FakeClass type, long shallowSize) {
        super(address, type, shallowSize);
        int count = type.lineage().stream().mapToInt(c -> c.fields().size()).sum();
        bits = new long[count];
        targets = new FakeRef[count];
    }

    /** Sets a reference field, the lowest of that name in the hierarchy. */
    public FakeInstance set(String field, FakeRef target) {
        return set(type(), field, target);
    }

    /** Sets a reference field declared in {@code declaredIn} or above it. */
    public FakeInstance set(FakeClass declaredIn, String field, FakeRef target) {
        Slot slot = slot(declaredIn, field);
        if (slot.field.type().isPrimitive()) {
            throw new IllegalArgumentException(field + " is " + slot.field.type());
        }
        targets[slot.position] = target;
        return this;
    }

    /** Sets an integral field. */
    public FakeInstance set(String field, long value) {
        bits[primitive(field).position] = value;
        return this;
    }

    public FakeInstance set(String field, boolean value) {
        return set(field, value ? 1 : 0);
    }

    /** Sets a float or double field. */
    public FakeInstance set(String field, double value) {
        Slot slot = primitive(field);
        bits[slot.position] = slot.field.type() == HprofType.FLOAT
                ? Float.floatToRawIntBits((float) value)
                : Double.doubleToRawLongBits(value);
        return this;
    }

    private Slot primitive(String field) {
        Slot slot = slot(type(), field);
        if (!slot.field.type().isPrimitive()) {
            throw new IllegalArgumentException(field + " is a reference");
        }
        return slot;
    }

    /** Positions follow the order of the lineage, topmost class first. */
    private Slot slot(FakeClass lowest, String name) {
        Slot found = null;
        int position = 0;
        for (FakeClass c : lowest.lineage()) {
            for (FakeClass.Field field : c.fields()) {
                if (field.name().equals(name)) {
                    found = new Slot(c, field, position);
                }
                position++;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no field " + name + " in " + lowest.internalName());
        }
        return found;
    }

    @Override
    void write(HprofWriter out) {
        out.instanceHeader(address(), 1, type().address(), type().dataLength(out.idSize()));
        // Own fields first, then the superclass's (hprof.md 1.5): the lineage backwards.
        List<FakeClass> lineage = type().lineage();
        int end = bits.length;
        for (int level = lineage.size() - 1; level >= 0; level--) {
            List<FakeClass.Field> fields = lineage.get(level).fields();
            int start = end - fields.size();
            for (int i = 0; i < fields.size(); i++) {
                FakeRef target = targets[start + i];
                out.value(fields.get(i).type(), target == null ? bits[start + i] : target.address());
            }
            end = start;
        }
    }
}

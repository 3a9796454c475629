package dev.holdfast.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of references or primitives of a {@link HeapBuilder}. */
public final class FakeArray extends FakeObject {
    private final HprofType elementType;
    private final FakeRef[] references;
    private final byte @Nullable [] data;

    /** An array of null references. */
    FakeArray(long address, FakeClass type, long shallowSize, int length) {
        super(address, type, shallowSize);
        elementType = HprofType.OBJECT;
        references = new FakeRef[length];
        Arrays.fill(references, FakeRef.NULL);
        data = null;
    }

    FakeArray(long address, FakeClass type, long shallowSize, HprofType elementType, byte[] data) {
        super(address, type, shallowSize);
        this.elementType = elementType;
        this.references = new FakeRef[0];
        this.data = data;
    }

    /** Sets an element of an array of references. */
    public FakeArray set(int index, FakeRef target) {
        references[index] = target;
        return this;
    }

    public int length() {
        return data == null ? references.length : data.length / elementType.width(0);
    }

    @Override
    void write(HprofWriter out) {
        if (data != null) {
            out.primitiveArray(address(), 1, elementType, data);
            return;
        }
        out.objectArrayHeader(address(), 1, references.length, type().address());
        for (FakeRef target : references) {
            out.id(target.address());
        }
    }
}

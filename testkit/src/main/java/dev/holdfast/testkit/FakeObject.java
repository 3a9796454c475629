package dev.holdfast.testkit;

/** An instance or array of a {@link HeapBuilder}. */
public abstract sealed class FakeObject implements FakeRef permits FakeInstance, FakeArray {
    private final long address;
    private final FakeClass type;
    private final long shallowSize;

    FakeObject(long address, FakeClass type, long shallowSize) {
        this.address = address;
        this.type = type;
        this.shallowSize = shallowSize;
    }

    @Override
    public final long address() {
        return address;
    }

    public final FakeClass type() {
        return type;
    }

    /** Bytes by the builder's {@link FakeLayout}. */
    public final long shallowSize() {
        return shallowSize;
    }

    abstract void write(HprofWriter out);
}

package dev.holdfast.heap;

import dev.holdfast.dump.ValueType;
import java.util.Optional;

/** What a field or an array element holds: a reference or a number. Immutable and thread-safe. */
public final class HeapValue {
    private final HeapSnapshot heap;
    private final ValueType type;
    private final long bits;

    HeapValue(HeapSnapshot heap, ValueType type, long bits) {
        this.heap = heap;
        this.type = type;
        this.bits = bits;
    }

    /** Whether it is a reference, and if not, what kind of number. */
    public ValueType type() {
        return type;
    }

    /** Whether it is a reference. */
    public boolean isReference() {
        return type == ValueType.REFERENCE;
    }

    /** The object that it refers to; empty if it is null, leads to nothing that is in the dump, or is a number. */
    public Optional<HeapObject> object() {
        return isReference() && bits != 0 ? heap.exactly(bits) : Optional.empty();
    }

    /**
     * The address that it holds, 0 for null.
     *
     * @throws IllegalStateException if it is a number
     */
    public long address() {
        if (!isReference()) {
            throw new IllegalStateException("a " + type.label() + " is no address");
        }
        return bits;
    }

    /**
     * The number, rounded towards zero; of a character its code, of a boolean 0 or 1.
     *
     * @throws IllegalStateException if it is a reference
     */
    public long asLong() {
        return switch (type) {
            case FLOAT, DOUBLE -> (long) asDouble();
            case REFERENCE -> throw new IllegalStateException("a reference is no number");
            default -> bits;
        };
    }

    /**
     * The number, rounded towards zero.
     *
     * @throws IllegalStateException if it is a reference
     * @throws ArithmeticException if it is too large
     */
    public int asInt() {
        return Math.toIntExact(asLong());
    }

    /**
     * The number.
     *
     * @throws IllegalStateException if it is a reference
     */
    public double asDouble() {
        return switch (type) {
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case DOUBLE -> Double.longBitsToDouble(bits);
            default -> asLong();
        };
    }

    /**
     * Whether it is true.
     *
     * @throws IllegalStateException if it is no boolean
     */
    public boolean asBoolean() {
        if (type != ValueType.BOOLEAN) {
            throw new IllegalStateException("a " + type.label() + " is no boolean");
        }
        return bits != 0;
    }

    /**
     * The UTF-16 code unit.
     *
     * @throws IllegalStateException if it is no character
     */
    public char asChar() {
        if (type != ValueType.CHAR) {
            throw new IllegalStateException("a " + type.label() + " is no char");
        }
        return (char) bits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeapValue value && value.bits == bits && value.type == type && value.heap == heap;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits) * 31 + type.hashCode();
    }

    /** The number, or the object, {@code null}, or the address of what is not in the dump. */
    @Override
    public String toString() {
        return switch (type) {
            case REFERENCE ->
                bits == 0 ? "null" : object().map(HeapObject::toString).orElseGet(() -> "0x" + Long.toHexString(bits));
            case BOOLEAN -> Boolean.toString(bits != 0);
            case CHAR -> Character.toString((char) bits);
            case FLOAT -> Float.toString(Float.intBitsToFloat((int) bits));
            case DOUBLE -> Double.toString(asDouble());
            default -> Long.toString(bits);
        };
    }
}

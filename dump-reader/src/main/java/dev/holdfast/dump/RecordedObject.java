package dev.holdfast.dump;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object as the dump records it, read on demand.
 *
 * @param address its address
 * @param type index into {@link DumpFile#types()}
 * @param elementCount number of elements of an array, else 0
 * @param fields values of its fields; of a class object the static ones; empty for arrays
 * @param offset where its record begins in the uncompressed file
 */
public record RecordedObject(long address, int type, long elementCount, List<FieldValue> fields, long offset) {

    /**
     * A field with its value.
     *
     * @param name as declared
     * @param declaringType name of the class that declares it
     * @param type what it holds
     * @param bits the value: an address, or the number's bits sign-extended ({@code Float.floatToRawIntBits},
     *     {@code Double.doubleToRawLongBits})
     */
    public record FieldValue(String name, String declaringType, ValueType type, long bits) {}

    /** The first field of that name, subclass first, or null. */
    public @Nullable FieldValue field(String name) {
        for (FieldValue field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** The address in the reference field of that name, or 0. */
    public long reference(String name) {
        FieldValue field = field(name);
        return field != null && field.type() == ValueType.REFERENCE ? field.bits() : 0;
    }
}

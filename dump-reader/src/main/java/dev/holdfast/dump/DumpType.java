package dev.holdfast.dump;

import java.util.List;

/**
 * A type of objects.
 *
 * @param index its place in {@link DumpFile#types()}
 * @param name the language's name, such as {@code java.util.HashMap$Node[]}
 * @param kind what its objects are
 * @param superType index of the superclass, or -1
 * @param classAddress address of its class object, or 0 if it has none
 * @param hasClassObject whether the class object is an object of the dump; then every object of the type refers to it
 * @param loaderAddress address of its class loader, 0 for the boot loader
 * @param fields fields that its objects have by this class itself, in the dump's order
 * @param statics static fields of the class object, in the dump's order
 * @param referenceFields names of all reference fields including inherited ones, in slot order
 * @param referentSlot slot of the reference that is not strong, or -1
 * @param referentStrength how strong the reference in {@code referentSlot} is
 * @param superTypeName name of the superclass even where it is not in the dump, or empty
 */
public record DumpType(
        int index,
        String name,
        Kind kind,
        int superType,
        long classAddress,
        boolean hasClassObject,
        long loaderAddress,
        List<DumpField> fields,
        List<DumpField> statics,
        List<String> referenceFields,
        int referentSlot,
        Strength referentStrength,
        String superTypeName) {

    /** What the objects of a type are. */
    public enum Kind {
        /** Objects with fields. */
        INSTANCE,
        /** Arrays of references. */
        OBJECT_ARRAY,
        /** Arrays of numbers, characters or booleans. */
        PRIMITIVE_ARRAY,
        /** Class objects: all objects of {@code java.lang.Class}. */
        CLASS,
        /** The dump does not say. */
        UNKNOWN
    }

    /** Whether its objects have a number of elements. */
    public boolean isArray() {
        return kind == Kind.OBJECT_ARRAY || kind == Kind.PRIMITIVE_ARRAY;
    }
}

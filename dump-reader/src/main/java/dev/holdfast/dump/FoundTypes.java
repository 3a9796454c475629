package dev.holdfast.dump;

/**
 * The types of objects that {@link DumpFile#references} handed out without, because they are found while it runs; immutable
 * and thread-safe.
 */
public interface FoundTypes {
    /**
     * The types of objects that follow each other.
     *
     * @param first position of the first among all addresses
     * @param into takes indices into {@link DumpFile#types()}
     * @param count how many objects
     */
    void of(int first, int[] into, int count);

    /**
     * After how many slots the names of a type's references come again, as they do in a row of values; 0 if they do not. The
     * slots that were handed out count through the whole object.
     */
    int period(int type);

    /**
     * Hands out an object and its references as before, but with the slots that its type gives them: for those of a row of
     * values whose slots were too large.
     *
     * @param object its position among all addresses
     */
    void references(int object, ReferenceSink sink);

    /** The shallow sizes, which are the same as before, by these types. */
    ShallowSizes sizes();
}

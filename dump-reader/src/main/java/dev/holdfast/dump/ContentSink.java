package dev.holdfast.dump;

/**
 * Receives what {@link DumpFile#contents} found in the objects of one chunk, in file order; used by one thread. It sees
 * numbers that tell how full something is, and digests, but no contents.
 */
public interface ContentSink {
    /**
     * The numbers of an instance.
     *
     * @param type index into {@link DumpFile#types()}
     * @param first value of the first field that was asked for, sign-extended, see {@link RecordedObject.FieldValue#bits}; 0
     *     if the type has none of that name or the record is too short
     * @param second value of the second, or 0
     */
    void numbers(long address, int type, long first, long second);

    /**
     * The contents of an array.
     *
     * @param digest {@link ContentDigest} of the bytes as recorded; not called for arrays whose contents the dump left out
     */
    void array(long address, int type, long digest);
}

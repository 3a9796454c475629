package dev.holdfast.dump;

/**
 * Receives what {@link DumpFile#headers} found in the objects of one chunk and in variables: strings, slices, maps and
 * channels of a Go program; used by one thread. It sees lengths and digests, but no contents. What can be no value of its
 * type, as on a dead part of a stack, is left out.
 */
public interface HeaderSink {
    /**
     * An object begins, or variables if the address is 0.
     *
     * @return whether what is in it counts
     */
    boolean object(long address);

    /**
     * A string with bytes in the heap.
     *
     * @param data where they are
     * @param length how many, at least 1
     * @param digest {@link ContentDigest} of them, 0 if the dump does not have them all
     */
    void text(long data, long length, long digest);

    /**
     * A slice of elements in the heap.
     *
     * @param data where they begin
     * @param length how many it shows
     * @param capacity how many it may come to show, at least 1
     * @param elementBytes bytes of one, at least 1
     */
    void slice(long data, long length, long capacity, long elementBytes);

    /**
     * A number that an interface holds, in an object.
     *
     * @param data where it is
     * @param bytes of it
     * @param digest of its type and value, 0 if the dump does not have the value
     */
    void number(long data, long bytes, long digest);

    /**
     * The object last begun is a map.
     *
     * @param size entries
     * @param storage bytes of its buckets or groups, without overflow buckets; -1 if they are not known
     * @param needed bytes of those that the runtime would make for so many entries
     */
    void map(long size, long storage, long needed);

    /**
     * The object last begun is a channel.
     *
     * @param size values in its buffer
     * @param places how many fit
     * @param elementBytes bytes of one
     */
    void channel(long size, long places, long elementBytes);
}

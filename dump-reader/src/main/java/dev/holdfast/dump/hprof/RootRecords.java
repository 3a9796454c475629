package dev.holdfast.dump.hprof;

import java.util.Arrays;

/** Root sub-records as columns, in file order; 17 bytes each. Filled by one thread. */
final class RootRecords {
    private byte[] tags = new byte[16];
    private long[] addresses = new long[16];
    private int[] threads = new int[16];
    private int[] details = new int[16];
    private int size;
    private int threadObjects;

    void add(int tag, long address, int threadSerial, int detail) {
        if (size == tags.length) {
            int length = size + (size >> 1) + 1;
            tags = Arrays.copyOf(tags, length);
            addresses = Arrays.copyOf(addresses, length);
            threads = Arrays.copyOf(threads, length);
            details = Arrays.copyOf(details, length);
        }
        threadObjects += tag == Tag.ROOT_THREAD_OBJ ? 1 : 0;
        tags[size] = (byte) tag;
        addresses[size] = address;
        threads[size] = threadSerial;
        details[size++] = detail;
    }

    void addAll(RootRecords other) {
        for (int i = 0; i < other.size; i++) {
            add(other.tag(i), other.addresses[i], other.threads[i], other.details[i]);
        }
    }

    int size() {
        return size;
    }

    /** How many records name a thread object; known after {@link #release} too. */
    int threadObjects() {
        return threadObjects;
    }

    /** Gives the columns back once roots are made of them. */
    void release() {
        size = 0;
        tags = new byte[1];
        addresses = new long[1];
        threads = new int[1];
        details = new int[1];
    }

    int tag(int i) {
        return tags[i] & 0xff;
    }

    long address(int i) {
        return addresses[i];
    }

    int threadSerial(int i) {
        return threads[i];
    }

    int detail(int i) {
        return details[i];
    }
}

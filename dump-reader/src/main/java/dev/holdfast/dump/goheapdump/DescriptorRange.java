package dev.holdfast.dump.goheapdump;

/** The part of a program's memory in which type descriptors were seen to lie; the linker puts them side by side. */
final class DescriptorRange {
    private long lowest = -1;
    private long highest;

    void add(long address) {
        if (address == 0) {
            return;
        }
        if (Long.compareUnsigned(address, lowest) < 0) {
            lowest = address;
        }
        if (Long.compareUnsigned(address, highest) > 0) {
            highest = address;
        }
    }

    boolean contains(long address) {
        return address % Long.BYTES == 0
                && Long.compareUnsigned(lowest, address) <= 0
                && Long.compareUnsigned(address, highest) <= 0;
    }
}

package dev.holdfast.dump.elf;

/**
 * Memory that neither the core nor a file has.
 *
 * <p>Unchecked, because every read of every structure may meet it; whoever reads a structure decides what its loss means and
 * counts it. Without a stack trace: a damaged core throws millions.
 */
public final class MissingMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long address;

    /** The memory at the address is missing. */
    public MissingMemoryException(long address) {
        super("no memory at 0x" + Long.toHexString(address), null, false, false);
        this.address = address;
    }

    /** The first address that could not be read. */
    public long address() {
        return address;
    }
}

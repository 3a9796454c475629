package dev.holdfast.heap;

/**
 * Layout of an index file (docs/decisions/0018-index.md): a header of one page with the table of sections, then the sections,
 * each from the beginning of a page on; all numbers little-endian.
 */
final class IndexFormat {
    /** Also says at first sight of what a file is: {@code HOLDFIDX}, little-endian. */
    static final long MAGIC = 0x5844_4946_444c_4f48L;

    /** Changes with everything that older programs would misread, what a catalog contains included. */
    static final int VERSION = 2;

    /** A page of memory on the usual processors; a section can be mapped by itself. */
    static final int ALIGNMENT = 4096;

    static final int HEADER_BYTES = ALIGNMENT;

    /** Where the table begins, after the magic, version, number of sections, and the counts. */
    static final int TABLE = 64;

    /** Section, width, offset, bytes, checksum, nothing. */
    static final int ENTRY_BYTES = 32;

    /** Where the checksum of everything before it stands in the header. */
    static final int CHECKSUM = HEADER_BYTES - 4;

    private IndexFormat() {}

    /** What a section holds; its number in the file is its place here, so new ones go to the end. */
    enum Section {
        /** What is small: the dump, types, roots, threads, sums. */
        CATALOG,
        /** Bitmaps of addresses. */
        ADDRESS_WORDS,
        /** Number of the first object of each word of the bitmaps. */
        FIRST_OF_WORD,
        /** Addresses that are in no bitmap. */
        ADDRESS_LIST,
        /** Type of each object. */
        TYPES,
        /** Elements of each object. */
        ELEMENTS,
        /** First edge of each node. */
        EDGE_OFFSETS,
        /** Target of each edge. */
        TARGETS,
        /** Slot of each edge. */
        SLOTS,
        /** Nodes in preorder, from 1. */
        ORDER,
        /** Preorder number of the immediate dominator, by preorder number. */
        DOMINATOR_NUMBERS,
        /** Immediate dominator of each node. */
        DOMINATORS,
        /** Retained size of each node. */
        RETAINED,
        /** First child in the dominator tree. */
        CHILD_OFFSETS,
        /** Children in the dominator tree. */
        CHILDREN,
        /** How strongly each node is held. */
        LEVELS,
        /** First inbound edge of each node. */
        INBOUND_OFFSETS,
        /** Numbers of inbound edges. */
        INBOUND,
        /** How the type of each object is known; absent where all are exact. */
        EVIDENCE,
        /** What was read of single objects while the index was made. */
        READS,
        /** What a runtime recorded: memory accounting, profiles, allocation sites. */
        RECORDS
    }

    /** The next offset at which a section can begin. */
    static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

package dev.holdfast.dump.gotypes;

/**
 * Where a value of a type has pointers and what they lead to; immutable.
 *
 * <p>Made once a type, so that following an object reads nothing but its pointers.
 */
final class Plan {
    /** A pointer to a value of the operand type. */
    static final byte POINTER = 0;

    /** Pointer, length, capacity; elements are of the operand type. */
    static final byte SLICE = 1;

    /** Pointer and length of bytes. */
    static final byte STRING = 2;

    /** Type word and data word of an interface without methods. */
    static final byte EMPTY_INTERFACE = 3;

    /** Method table and data word of an interface. */
    static final byte INTERFACE = 4;

    /** Pointer to a closure. */
    static final byte FUNCTION = 5;

    /** Pointer to a channel of which only its own record says what it holds. */
    static final byte CHANNEL = 6;

    /** Directory of a Swiss map of the operand type: pointer and length, a group where that is 0. */
    static final byte DIRECTORY = 7;

    /** Pointer to groups of the operand type, then their number less one. */
    static final byte GROUPS = 8;

    /** Buffer of a channel with elements of the operand type. */
    static final byte BUFFER = 9;

    /** Pointer to elements of the operand type, then their number. */
    static final byte COUNTED = 10;

    /** Type word, pointer, flags of a {@code reflect.Value}. */
    static final byte REFLECTED = 11;

    /** Pointer to a node of a hash trie: an entry, which is the operand type, or what is in the second operand. */
    static final byte TRIE_NODE = 12;

    /** Values of another plan one behind the other. */
    static final byte REPEATED = 13;

    /** Pointer to a part of a value of the operand type, so many bytes from its start as the second operand says. */
    static final byte PART = 14;

    /** Pointer to an element of a channel, to which a pointer lies so many bytes behind as the operand says. */
    static final byte WAITING = 15;

    final byte[] operations;
    final long[] offsets;
    final int[] operands;
    final int[] seconds;

    /** For repeated values: what to do with each, how many, how far apart. */
    final Plan[] repeated;

    final long[] counts;
    final long[] strides;

    Plan(
            byte[] operations,
            long[] offsets,
            int[] operands,
            int[] seconds,
            Plan[] repeated,
            long[] counts,
            long[] strides) {
        this.operations = operations;
        this.offsets = offsets;
        this.operands = operands;
        this.seconds = seconds;
        this.repeated = repeated;
        this.counts = counts;
        this.strides = strides;
    }

    boolean isEmpty() {
        return operations.length == 0;
    }
}

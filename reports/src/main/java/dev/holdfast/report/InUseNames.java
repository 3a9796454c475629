package dev.holdfast.report;

/** The names behind the numbers of an {@link InUseTable}. Asked once for each row. */
public interface InUseNames {
    /** The stack of a type's objects: where they were allocated, or their packages and the type. */
    int frame(ProfileBuilder builder, int type, int allocationStack);

    /** The labels of a row without {@code bytes}; numbers are as given, {@link InUseTable#NONE} included. */
    Labels labels(int type, int allocationStack, int rootKind, int reachability, int thread);
}

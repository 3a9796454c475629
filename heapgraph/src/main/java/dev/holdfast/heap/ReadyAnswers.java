package dev.holdfast.heap;

/**
 * What an index has ready that is otherwise computed when it is first asked for.
 *
 * @param children of the dominator tree
 * @param inbound references by target
 * @param sums by type
 * @param largest the objects that retain most, largest first
 * @param allObjects whether these are all reachable ones
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReadyAnswers(
        DominatorChildren children, InboundEdges inbound, TypeSums sums, int[] largest, boolean allObjects) {
    /** So many of the largest objects are kept: more than anybody looks at, and a blink to write. */
    static final int MOST_LARGEST = 10_000;
}

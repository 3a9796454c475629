package dev.holdfast.dump;

/**
 * How shallow sizes were found.
 *
 * @param headerBytes size of an object header
 * @param referenceBytes size of a reference in the heap
 * @param alignmentBytes objects start at multiples of it
 * @param rule name of the rule by which fields are placed
 * @param confidence share of the sampled objects, 0 to 1, whose computed size is exactly the distance to the next object
 * @param assumed whether the dump gave no evidence and defaults were taken
 * @param notInDumpBytes estimate of heap that the writer left out (mirrors of classes), in no total
 * @param notInDumpObjects estimate of the objects there
 */
public record LayoutInfo(
        int headerBytes,
        int referenceBytes,
        int alignmentBytes,
        String rule,
        double confidence,
        boolean assumed,
        long notInDumpBytes,
        long notInDumpObjects) {

    /** The same with an estimate of what is not in the dump; it is known once references were read. */
    public LayoutInfo withNotInDump(long bytes, long objects) {
        return new LayoutInfo(headerBytes, referenceBytes, alignmentBytes, rule, confidence, assumed, bytes, objects);
    }
}

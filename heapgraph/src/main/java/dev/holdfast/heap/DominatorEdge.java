package dev.holdfast.heap;

/**
 * An edge of a {@link DominatorForest}.
 *
 * @param dominator the nearest object that dominates the other
 * @param dominated the other
 */
public record DominatorEdge(HeapObject dominator, HeapObject dominated) {}

package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.StackFrame;
import java.util.List;

/**
 * A place of allocation as the memory profiler kept it.
 *
 * @param address identifies it
 * @param size bytes of each object
 * @param stack leaf first
 * @param allocations how many objects were sampled
 * @param frees how many of them are gone
 */
record BucketRecord(long address, long size, List<StackFrame> stack, long allocations, long frees) {}

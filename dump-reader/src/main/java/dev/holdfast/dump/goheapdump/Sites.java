package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;
import dev.holdfast.dump.pclntab.CallList;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Makes allocation sites of the memory profiler's samples. */
final class Sites {
    private Sites() {}

    static AllocationSites of(FirstPass known, KnownObjects objects, AddressSet addresses) {
        LongLongMap stackOf = new LongLongMap();
        List<List<StackFrame>> stacks = new ArrayList<>();
        for (BucketRecord bucket : known.buckets()) {
            if (stackOf.put(bucket.address(), stacks.size())) {
                stacks.add(shown(bucket.stack()));
            }
        }
        LongList samples = known.samples();
        TreeMap<Long, Integer> sites = new TreeMap<>(Long::compareUnsigned);
        for (int i = 0; i < samples.size(); i += 2) {
            // Of several samples in one block of tiny objects the first stands for the block.
            long object = objects.objectAt(samples.get(i));
            int stack = (int) stackOf.get(samples.get(i + 1), -1);
            if (stack >= 0 && object != 0 && addresses.indexOf(object) >= 0) {
                sites.putIfAbsent(object, stack);
            }
        }
        long[] at = sites.keySet().stream().mapToLong(Long::longValue).toArray();
        int[] stack = sites.values().stream().mapToInt(Integer::intValue).toArray();
        return new AllocationSites(at, stack, stacks);
    }

    /** As the runtime shows stacks of its heap profile: without its own functions below what called them. */
    private static List<StackFrame> shown(List<StackFrame> stack) {
        int end = stack.size();
        while (end > 0 && stack.get(end - 1).function().equals(CallList.BOTTOM)) {
            end--;
        }
        int start = 0;
        while (start < end && ofRuntime(stack.get(start).function())) {
            start++;
        }
        return stack.subList(start == end ? 0 : start, end);
    }

    private static boolean ofRuntime(String function) {
        return function.startsWith("runtime.") || function.startsWith("internal/runtime/");
    }
}

package dev.holdfast.stack;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that stand alike: the same calls, state and labels; immutable.
 *
 * @param first one of them
 * @param count how many
 * @param space of all of their stacks together
 */
record StackGroup(DumpThread first, long count, StackSpace space) {
    private record Key(
            int calls,
            boolean system,
            String state,
            @Nullable String waitReason,
            Map<String, String> labels) {}

    /** The goroutines whose stacks are known, each in a group of its own or equal ones together, in the dump's order. */
    static List<StackGroup> of(List<DumpThread> threads, boolean apart) {
        IdentityHashMap<List<StackFrame>, Integer> numbers = new IdentityHashMap<>();
        Map<Key, Integer> positions = new LinkedHashMap<>();
        List<StackGroup> groups = new ArrayList<>();
        for (DumpThread thread : threads) {
            StackSpace space = thread.stack();
            if (thread.kind() != DumpThread.Kind.GOROUTINE || space == null) {
                continue;
            }
            // Goroutines that stand alike share one list; others that are equal meet again in the profile.
            int calls = numbers.computeIfAbsent(thread.frames(), unseen -> numbers.size());
            Key key = new Key(calls, thread.system(), thread.state(), thread.waitReason(), thread.labels());
            Integer known = apart ? null : positions.putIfAbsent(key, groups.size());
            if (known == null) {
                groups.add(new StackGroup(thread, 1, space));
            } else {
                groups.set(known, groups.get(known).with(space));
            }
        }
        return groups;
    }

    private StackGroup with(StackSpace more) {
        return new StackGroup(first, count + 1, space.plus(more));
    }
}

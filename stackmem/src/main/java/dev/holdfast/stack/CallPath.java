package dev.holdfast.stack;

import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call stack from its root, one step for each physical frame; immutable.
 *
 * <p>Viewers take so many frames and no more. Of a deeper stack the cycles are cut out: a call that is on the path already
 * goes on from there. So the bytes of each frame stay at its own place and every edge is a call that was made; what is lost
 * is how often recursion went around.
 *
 * @param steps each after the one that called it
 * @param stepOf for each call, in the order in which they were given, the step that has its bytes
 * @param cut whether cycles were cut out
 */
public record CallPath(List<Step> steps, List<Integer> stepOf, boolean cut) {
    /** Calls inlined into one frame; compilers stay far below, a damaged dump may not. */
    private static final int MOST_INLINED = 64;

    /**
     * A physical frame.
     *
     * @param parent index of the step that called it, -1 for the first
     * @param location the calls inlined into it, then its function
     * @param bytes of stack it takes where the dump tells; of a step of a cycle those of all rounds
     */
    public record Step(int parent, List<StackFrame> location, long bytes) {
        /** Whether the compiler made the function. */
        boolean made() {
            return location.get(location.size() - 1).wrapper();
        }
    }

    /** A call at a line: what makes two frames of a stack the same step of a cycle. */
    private record Place(String function, @Nullable String file, int line) {}

    /**
     * The path of a call stack.
     *
     * @param calls leaf first
     * @param deepest so many frames are shown as they are
     */
    public static CallPath of(List<StackFrame> calls, int deepest) {
        List<List<StackFrame>> locations = locations(calls);
        boolean deep = locations.size() > deepest;
        List<Step> steps = new ArrayList<>();
        List<Integer> stepOf = new ArrayList<>(calls.size());
        Map<List<Place>, Integer> onPath = new HashMap<>();
        int at = -1;
        for (int i = locations.size() - 1; i >= 0; i--) {
            List<StackFrame> location = locations.get(i);
            List<Place> places = deep ? places(location) : List.of();
            Integer before = deep ? onPath.get(places) : null;
            if (before == null) {
                steps.add(new Step(at, location, bytes(location)));
                at = steps.size() - 1;
                onPath.put(places, at);
            } else {
                for (; at != before; at = steps.get(at).parent) {
                    onPath.remove(places(steps.get(at).location));
                }
                Step again = steps.get(at);
                steps.set(at, new Step(again.parent, again.location, again.bytes + bytes(location)));
            }
            stepOf.addAll(Collections.nCopies(location.size(), at));
        }
        Collections.reverse(stepOf);
        return new CallPath(List.copyOf(steps), List.copyOf(stepOf), deep);
    }

    /** The step where the stack ends, -1 if it has no frames. */
    public int leaf() {
        return stepOf.isEmpty() ? -1 : stepOf.get(0);
    }

    /** The physical frames of a call stack in its order, each with the calls inlined into it. */
    public static List<List<StackFrame>> locations(List<StackFrame> calls) {
        List<List<StackFrame>> locations = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < calls.size(); i++) {
            boolean whole = !calls.get(i).inlined() || i - first == MOST_INLINED || i == calls.size() - 1;
            if (whole) {
                locations.add(calls.subList(first, i + 1));
                first = i + 1;
            }
        }
        return locations;
    }

    private static long bytes(List<StackFrame> location) {
        long bytes = 0;
        for (StackFrame call : location) {
            bytes += Math.max(0, call.bytes());
        }
        return bytes;
    }

    private static List<Place> places(List<StackFrame> location) {
        return location.stream()
                .map(call -> new Place(call.function(), call.file(), call.line()))
                .toList();
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.stack.CallPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call stack as a profile shows it: one location for each frame on the stack, with a line for it and for each call that
 * was inlined into it. Stateless.
 *
 * <p>Of a stack deeper than a profile may be the outermost frames give way: what a program was doing is at the leaf, and
 * Go's own profiles cut there too.
 */
final class CallStack {
    private static final Place OUTER = new Place(FrameNames.OUTER, "", 0);

    /** So many callers stay when outer frames give way: half of what there is room for. */
    private static final int KEPT = ProfileLimits.MAX_DEPTH / 2;

    private CallStack() {}

    /**
     * The stack below another one.
     *
     * @param frames leaf first; not all inlined
     * @return its leaf, or {@code parent} if there are no frames
     */
    static int add(ProfileBuilder builder, int parent, List<StackFrame> frames) {
        List<Place> places = places(frames);
        int room = ProfileLimits.MAX_DEPTH - builder.frames().depth(parent);
        int at = parent;
        int outermost = places.size() - 1;
        if (places.size() > room) {
            at = builder.frame(at, OUTER);
            outermost = room - 2;
        }
        for (int i = outermost; i >= 0; i--) {
            at = builder.frame(at, places.get(i));
        }
        return at;
    }

    /**
     * A stack with one more frame. Where it would be deeper than a profile may be the outermost frames give way, a block
     * of them at a time: at least 64 of a frame's callers stay, and a stack never takes more than two places a frame.
     */
    static int below(ProfileBuilder builder, int parent, Place place) {
        FrameTree frames = builder.frames();
        if (frames.depth(parent) < ProfileLimits.MAX_DEPTH) {
            return builder.frame(parent, place);
        }
        int[] callers = new int[KEPT];
        int caller = parent;
        for (int i = KEPT - 1; i >= 0; i--) {
            callers[i] = frames.first(caller);
            caller = frames.parent(caller);
        }
        int at = builder.frame(ProfileBuilder.ROOT, OUTER);
        for (int each : callers) {
            at = builder.frame(at, builder.places().get(each));
        }
        return builder.frame(at, place);
    }

    /** Says in a profile that recursion was cut out of stacks, if it was. */
    static void warnOfCut(ProfileBuilder builder, String whose, long count) {
        if (count > 0) {
            builder.header(builder.header()
                    .withWarning("recursion is shown once, with the bytes of all rounds, in stacks too deep for "
                            + ProfileLimits.MAX_DEPTH + " frames; " + whose + " with such: " + count));
        }
    }

    /** The locations of a stack, leaf first. */
    static List<Place> places(List<StackFrame> frames) {
        return CallPath.locations(frames).stream().map(CallStack::location).toList();
    }

    /** The place of a physical frame: the calls inlined into it, then its function. */
    static Place location(List<StackFrame> frames) {
        @Nullable Place caller = null;
        for (int i = frames.size() - 1; i > 0; i--) {
            caller = place(frames.get(i), caller);
        }
        return place(frames.get(0), caller);
    }

    private static Place place(StackFrame frame, @Nullable Place caller) {
        String file = frame.file();
        String function = frame.function();
        return Place.of(
                function.isEmpty() ? FrameNames.UNKNOWN : function,
                file == null ? "" : file,
                Math.max(0, frame.line()),
                caller);
    }
}

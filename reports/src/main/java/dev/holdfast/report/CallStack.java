package dev.holdfast.report;

import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
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
    /** Calls inlined into one frame; compilers stay far below, a damaged dump may not. */
    private static final int MOST_INLINED = 64;

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

    /** The locations of a stack, leaf first. */
    static List<Place> places(List<StackFrame> frames) {
        List<Place> places = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < frames.size(); i++) {
            boolean complete = !frames.get(i).inlined() || i - first == MOST_INLINED || i == frames.size() - 1;
            if (complete) {
                places.add(location(frames.subList(first, i + 1)));
                first = i + 1;
            }
        }
        return places;
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

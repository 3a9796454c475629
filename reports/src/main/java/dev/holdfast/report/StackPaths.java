package dev.holdfast.report;

import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each frame of a Java call stack stands in a profile, so that what the frame holds can be put there.
 *
 * <p>A stack deeper than a profile may be gives way where the reader loses least. First rounds of a recursion go: a place
 * that is already on the path is the path up to there again, so every frame still stands at its own function, below the
 * functions that called it. If that does not suffice, the outermost frames give way, a block of them at a time: at least
 * 64 of a frame's callers stay, and a stack never takes more than two places a frame.
 *
 * <p>Paths are found once for each list of frames, which threads that stand alike share. Used by one thread.
 */
final class StackPaths {
    /** Outer frames give way in blocks of this many: with as many callers above and their substitute 128 in all. */
    private static final int BLOCK = 63;

    private static final int KEPT = ProfileLimits.MAX_DEPTH - 1 - BLOCK;

    private static final Place OUTER = new Place(FrameNames.OUTER, "", 0);

    private final ProfileBuilder builder;
    private final IdentityHashMap<List<StackFrame>, int[]> known = new IdentityHashMap<>();

    StackPaths(ProfileBuilder builder) {
        this.builder = builder;
    }

    /** The stack of the builder that ends in each of these frames, in their order: leaf first. */
    int[] of(List<StackFrame> frames) {
        return known.computeIfAbsent(frames, this::find);
    }

    private int[] find(List<StackFrame> frames) {
        int[] stacks = new int[frames.size()];
        boolean deep = stacks.length > ProfileLimits.MAX_DEPTH;
        List<Place> path = new ArrayList<>();
        List<Integer> stackAt = new ArrayList<>();
        Map<Place, Integer> depths = new HashMap<>();
        for (int i = stacks.length - 1; i >= 0; i--) {
            Place place = place(frames.get(i));
            Integer before = deep ? depths.get(place) : null;
            if (before == null) {
                path.add(place);
                depths.put(place, path.size() - 1);
                stackAt.add(stack(path, stackAt));
            } else {
                while (path.size() > before + 1) {
                    depths.remove(path.remove(path.size() - 1));
                    stackAt.remove(stackAt.size() - 1);
                }
            }
            stacks[i] = stackAt.get(stackAt.size() - 1);
        }
        return stacks;
    }

    /** The stack of a path, of which all but the last place have theirs. */
    private int stack(List<Place> path, List<Integer> stackAt) {
        int depth = path.size() - 1;
        int beyond = depth - ProfileLimits.MAX_DEPTH;
        if (beyond < 0 || beyond % BLOCK != 0) {
            return builder.frame(depth == 0 ? ProfileBuilder.ROOT : stackAt.get(depth - 1), path.get(depth));
        }
        int at = builder.frame(ProfileBuilder.ROOT, OUTER);
        for (int i = depth - KEPT; i <= depth; i++) {
            at = builder.frame(at, path.get(i));
        }
        return at;
    }

    private static Place place(StackFrame frame) {
        String function = FrameNames.function(frame.function());
        String file = frame.file();
        return Place.of(
                function.isEmpty() ? FrameNames.UNKNOWN : function,
                file == null ? "" : file,
                Math.max(0, frame.line()));
    }
}

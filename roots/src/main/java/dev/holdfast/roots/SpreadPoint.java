package dev.holdfast.roots;

import dev.holdfast.roots.RetainedFrames.Kind;
import java.util.List;

/** Where on a way down the frames what is held begins to be many; stateless. */
final class SpreadPoint {
    /** No position: the number of objects grows nowhere. */
    static final int NONE = -1;

    /** So many times as many objects as above: there it spreads. */
    private static final int SPREAD = 2;

    private final RetainedFrames frames;
    private final FrameCrowds counts;

    SpreadPoint(RetainedFrames frames, FrameCrowds counts) {
        this.frames = frames;
        this.counts = counts;
    }

    /**
     * The position of what a person would call the owner of the pile, from a position of the way on; {@link #NONE} if there
     * is none. Arrays and nodes of a container give way to the container.
     */
    int position(List<Integer> way, int start) {
        int spread = widest(way, start);
        int last = spread;
        while (spread >= 0 && last > start && isRepeated(way, spread, last)) {
            last--;
        }
        while (last > start && isInside(way.get(last), way.get(last - 1))) {
            last--;
        }
        return last;
    }

    /** The position after which the number of objects grows most; -1 if it grows nowhere. */
    private int widest(List<Integer> way, int start) {
        int best = -1;
        double most = SPREAD;
        for (int i = start; i + 1 < way.size(); i++) {
            double growth = (double) counts.of(way.get(i + 1)) / counts.of(way.get(i));
            if (growth >= most && (best < 0 || growth > most)) {
                best = i;
                most = growth;
            }
        }
        return best;
    }

    /** Whether it is a list's first node before all others: what has the list is the point, not that node. */
    private boolean isRepeated(List<Integer> way, int spread, int position) {
        return frames.kind(way.get(spread + 1)) == Kind.RECURSIVE
                && frames.objects(way.get(position - 1)) > 0
                && frames.kind(way.get(position)) != Kind.OBJECT
                && !frames.name(way.get(position - 1)).startsWith("class ")
                && frames.name(way.get(position)).equals(frames.name(way.get(spread + 1)));
    }

    /** Whether an array or the like is inside of a container: the container is the point, as its name says more. */
    private boolean isInside(int frame, int above) {
        String name = frames.name(frame);
        boolean container = !name.startsWith("map[") && !name.startsWith("java.") || name.endsWith("[]");
        return container
                && Containers.isPlumbing(name)
                && frames.objects(above) > 0
                && Containers.isPlumbing(frames.name(above))
                && !frames.name(above).startsWith("[]*runtime.");
    }
}

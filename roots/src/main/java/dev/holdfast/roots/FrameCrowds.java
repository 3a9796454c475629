package dev.holdfast.roots;

import dev.holdfast.dump.RootKind;
import dev.holdfast.roots.RetainedFrames.Kind;

/** How many stand at a frame, of objects and of goroutines; stateless. */
final class FrameCrowds {
    private final RetainedFrames frames;
    private final Goroutines goroutines;

    FrameCrowds(RetainedFrames frames, Goroutines goroutines) {
        this.frames = frames;
        this.goroutines = goroutines;
    }

    /** The objects at a frame or the nearest above that has any, the goroutines of a function; at least 1. */
    long of(int frame) {
        for (int at = frame; at != RetainedFrames.ROOT; at = frames.parent(at)) {
            if (frames.objects(at) > 0) {
                return frames.objects(at);
            }
            int above = frames.parent(at);
            if (frames.parent(above) == RetainedFrames.ROOT && isGoroutine(above)) {
                return Math.max(1, goroutines.count(frames.name(at)));
            }
        }
        return 1;
    }

    private boolean isGoroutine(int kindFrame) {
        return frames.kind(kindFrame) == Kind.HOLDER && frames.name(kindFrame).equals(RootKind.GOROUTINE.label());
    }

    /** The frame of the goroutines that began with a function; -1 if they hold nothing. */
    int frame(String function) {
        for (int kind = frames.firstChild(RetainedFrames.ROOT); kind >= 0; kind = frames.nextSibling(kind)) {
            for (int top = isGoroutine(kind) ? frames.firstChild(kind) : -1; top >= 0; top = frames.nextSibling(top)) {
                if (frames.name(top).equals(function)) {
                    return top;
                }
            }
        }
        return -1;
    }
}

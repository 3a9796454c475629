package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the frames of one goroutine point to: surely, and perhaps.
 *
 * <p>The writer lists the pointers of a frame by its stack map. That leaves out variables whose address is taken, to which
 * the collector comes by a pointer on the stack; and of a function that a signal interrupted it knows no map at all. There
 * every word may be a pointer, as the collector itself takes it in the second case. Words of a frame are looked at once.
 */
final class StackPointers {
    private final Parameters parameters;
    private final KnownObjects objects;
    private final DumpInput words;
    private final List<FrameRecord> frames;
    private final List<LongList> sure = new ArrayList<>();
    private final List<LongList> perhaps = new ArrayList<>();
    private final long[] lookedAtFrom;
    private final ArrayDeque<Long> variables = new ArrayDeque<>();

    StackPointers(Parameters parameters, KnownObjects objects, DumpInput words, Goroutines.Goroutine goroutine)
            throws IOException {
        this.parameters = parameters;
        this.objects = objects;
        this.words = words;
        this.frames = goroutine.frames();
        this.lookedAtFrom = new long[frames.size()];
        for (int i = 0; i < frames.size(); i++) {
            sure.add(new LongList());
            perhaps.add(new LongList());
            lookedAtFrom[i] = frames.get(i).sp() + frames.get(i).size();
        }
        for (int i = 0; i < frames.size(); i++) {
            if (interrupted(i)) {
                look(i, frames.get(i).sp());
            }
        }
        LongList pointers = goroutine.pointers();
        for (int i = 0; i < pointers.size(); i += 2) {
            int frame = (int) pointers.get(i);
            if (frame >= 0 && !interrupted(frame)) {
                take(pointers.get(i + 1), sure.get(frame));
            }
        }
        while (!variables.isEmpty()) {
            long variable = variables.remove();
            int frame = frameAt(variable);
            if (frame >= 0) {
                look(frame, variable & -Long.BYTES);
            }
        }
    }

    /** Whether a function stands where it makes no call, or is the one that keeps the registers of such a function. */
    private boolean interrupted(int frame) {
        return Calls.interrupting(frames.get(frame).function())
                || (frame > 0 && Calls.interrupting(frames.get(frame - 1).function()));
    }

    /** Objects that a frame surely points to. */
    LongList sure(int frame) {
        return sure.get(frame);
    }

    /** Objects that a frame may point to. */
    LongList perhaps(int frame) {
        return perhaps.get(frame);
    }

    private void take(long value, LongList to) {
        if (!parameters.inArena(value)) {
            return;
        }
        long object = objects.objectAt(value);
        if (object == 0) {
            variables.add(value);
        } else if (!objects.isGoroutine(object)) {
            to.add(object);
        }
    }

    private void look(int frame, long from) throws IOException {
        FrameRecord record = frames.get(frame);
        long end = lookedAtFrom[frame];
        for (long at = from; Long.compareUnsigned(at, end) < 0 && end - at >= Long.BYTES; at += Long.BYTES) {
            take(words.wordAt(record.contents() + (at - record.sp())), perhaps.get(frame));
        }
        if (Long.compareUnsigned(from, end) < 0) {
            lookedAtFrom[frame] = from;
        }
    }

    /** The frame that has an address; frames ascend. */
    private int frameAt(long address) {
        int low = 0;
        int high = frames.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(frames.get(middle).sp(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && frames.get(high).has(address) ? high : -1;
    }
}

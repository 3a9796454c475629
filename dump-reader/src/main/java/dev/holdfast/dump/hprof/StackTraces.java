package dev.holdfast.dump.hprof;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.LongLongMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Call stacks by trace serial, decoded when asked for and shared when equal; not thread-safe.
 *
 * <p>HotSpot writes the frames of each thread anew, however many stand in the same place. So what is kept is kept once for
 * each different place and stack; a frame costs a look-up and no memory.
 */
final class StackTraces {
    private static final int MAX_FRAMES = 1 << 20;
    private static final int[] NONE = {};
    /** Stands for a frame that the file does not have. */
    private static final Place UNKNOWN = new Place(-1, -1, -1, Integer.MIN_VALUE);

    private final FileLayout layout;
    private final RecordInput traceInput;
    private final RecordInput frameInput;
    private final Map<Place, Integer> numbers = new HashMap<>();
    private final Map<StackFrame, Integer> sameFrames = new HashMap<>();
    private final List<StackFrame> frames = new ArrayList<>();
    /** A stack is a number: that of the stack without its leaf and the leaf's frame make it. */
    private final LongLongMap longer = new LongLongMap();

    private final Map<Integer, List<StackFrame>> stacks = new HashMap<>();

    /** What a FRAME record says. */
    private record Place(long method, long file, int classSerial, int line) {}

    StackTraces(ByteSource source, FileLayout layout) {
        this.layout = layout;
        this.traceInput = new RecordInput(source, layout.idBytes, 0);
        this.frameInput = new RecordInput(source, layout.idBytes, 0);
    }

    /** The frames of a trace, leaf first; empty if the file has no such trace. */
    List<StackFrame> trace(long serial) throws IOException {
        int[] leafFirst = readTrace(layout.traces.get(serial, -1));
        int stack = 0;
        for (int i = leafFirst.length - 1; i >= 0; i--) {
            long key = (long) stack << 32 | leafFirst[i];
            int next = longer.size() + 1;
            longer.put(key, next);
            stack = (int) longer.get(key, next);
        }
        return stacks.computeIfAbsent(stack, made -> list(leafFirst));
    }

    private List<StackFrame> list(int[] leafFirst) {
        return IntStream.of(leafFirst).mapToObj(frames::get).toList();
    }

    private int[] readTrace(long offset) throws IOException {
        if (offset < 0) {
            return NONE;
        }
        // The record's length, which is in front of the body, bounds the count.
        RecordInput in = traceInput;
        in.seek(offset - 4);
        if (!in.require(16)) {
            return NONE;
        }
        long room = (in.u4() - 12) / layout.idBytes;
        in.skipGranted(8);
        int count = (int) Math.max(0, Math.min(Math.min(in.u4(), room), MAX_FRAMES));
        int[] leafFirst = new int[Math.min(count, 1024)];
        int size = 0;
        while (size < count && in.require(layout.idBytes)) {
            if (size == leafFirst.length) {
                leafFirst = Arrays.copyOf(leafFirst, 2 * size);
            }
            leafFirst[size++] = frame(in.id());
        }
        return Arrays.copyOf(leafFirst, size);
    }

    /** The number of a frame. */
    private int frame(long id) throws IOException {
        long offset = layout.frames.get(id);
        RecordInput in = frameInput;
        in.seek(Math.max(0, offset));
        if (offset < 0 || !in.require(8 + 4 * layout.idBytes)) {
            return number(UNKNOWN);
        }
        in.id();
        long method = in.id();
        in.id();
        long file = in.id();
        return number(new Place(method, file, in.i4(), in.i4()));
    }

    private int number(Place place) {
        Integer known = numbers.get(place);
        if (known == null) {
            StackFrame frame = named(place);
            known = sameFrames.putIfAbsent(frame, frames.size());
            if (known == null) {
                known = frames.size();
                frames.add(frame);
            }
            numbers.put(place, known);
        }
        return known;
    }

    private StackFrame named(Place place) {
        if (place.equals(UNKNOWN)) {
            return new StackFrame("(unknown frame)", null, 0, false);
        }
        String named = layout.strings.get(place.method, "");
        String method = named.isEmpty() ? "(unknown method)" : named;
        String file = layout.strings.get(place.file, "");
        long classId = layout.classBySerial.get(place.classSerial, 0);
        String className = ClassNames.ofInternal(layout.strings.get(layout.classNames.get(classId, 0), ""));
        return new StackFrame(
                className.isEmpty() ? method : className + "." + method,
                file.isEmpty() ? null : file,
                Math.max(0, place.line),
                place.line == -3);
    }
}

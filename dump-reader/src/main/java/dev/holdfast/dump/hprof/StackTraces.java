package dev.holdfast.dump.hprof;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.io.ByteSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Call stacks by trace serial, decoded when asked for and shared when equal; not thread-safe. */
final class StackTraces {
    private static final int MAX_FRAMES = 1 << 20;

    private final ByteSource source;
    private final FileLayout layout;
    private final Map<Long, StackFrame> frames = new HashMap<>();
    private final Map<StackFrame, StackFrame> sameFrames = new HashMap<>();
    private final Map<Long, List<StackFrame>> traces = new HashMap<>();
    private final Map<List<StackFrame>, List<StackFrame>> sameTraces = new HashMap<>();

    StackTraces(ByteSource source, FileLayout layout) {
        this.source = source;
        this.layout = layout;
    }

    /** The frames of a trace, leaf first; empty if the file has no such trace. */
    List<StackFrame> trace(long serial) throws IOException {
        List<StackFrame> trace = traces.get(serial);
        if (trace == null) {
            trace = readTrace(layout.traces.get(serial, -1));
            List<StackFrame> same = sameTraces.putIfAbsent(trace, trace);
            trace = same == null ? trace : same;
            traces.put(serial, trace);
        }
        return trace;
    }

    private List<StackFrame> readTrace(long offset) throws IOException {
        if (offset < 0) {
            return List.of();
        }
        RecordInput in = new RecordInput(source, layout.idBytes, offset);
        if (!in.require(12)) {
            return List.of();
        }
        in.skipGranted(8);
        // The count cannot exceed what the record's length, which is in front of the body, has room for.
        RecordInput length = new RecordInput(source, layout.idBytes, offset - 4);
        length.require(4);
        long room = (length.u4() - 12) / layout.idBytes;
        int count = (int) Math.max(0, Math.min(Math.min(in.u4(), room), MAX_FRAMES));
        java.util.ArrayList<StackFrame> list = new java.util.ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count && in.require(layout.idBytes); i++) {
            list.add(frame(in.id()));
        }
        return List.copyOf(list);
    }

    private StackFrame frame(long id) throws IOException {
        StackFrame frame = frames.get(id);
        if (frame == null) {
            frame = readFrame(id);
            StackFrame same = sameFrames.putIfAbsent(frame, frame);
            frame = same == null ? frame : same;
            frames.put(id, frame);
        }
        return frame;
    }

    private StackFrame readFrame(long id) throws IOException {
        long offset = layout.frames.get(id, -1);
        RecordInput in = new RecordInput(source, layout.idBytes, Math.max(0, offset));
        if (offset < 0 || !in.require(8 + 4 * layout.idBytes)) {
            return new StackFrame("(unknown frame)", null, 0, false);
        }
        in.id();
        String named = layout.strings.get(in.id(), "");
        String method = named.isEmpty() ? "(unknown method)" : named;
        in.id();
        String file = layout.strings.get(in.id(), "");
        long classId = layout.classBySerial.get(in.i4(), 0);
        int line = in.i4();
        String className = ClassNames.ofInternal(layout.strings.get(layout.classNames.get(classId, 0), ""));
        return new StackFrame(
                className.isEmpty() ? method : className + "." + method,
                file.isEmpty() ? null : file,
                Math.max(0, line),
                line == -3);
    }
}

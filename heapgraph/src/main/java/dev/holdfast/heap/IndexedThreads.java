package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.dump.ThreadWaits;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Threads and call stacks in an index. */
final class IndexedThreads {
    private static final DumpThread.Kind[] KINDS = DumpThread.Kind.values();
    private static final ThreadWaits.Kind[] WAITS = ThreadWaits.Kind.values();

    /** A frame is a function, file, line, flags and bytes. */
    private static final int SMALLEST_FRAME = 5;

    private static final int NATIVE = 1;
    private static final int INLINED = 2;
    private static final int WRAPPER = 4;

    private IndexedThreads() {}

    static void write(IndexOutput out, List<DumpThread> threads) {
        // Threads that stand alike share one list, of a hundred thousand virtual threads most.
        IdentityHashMap<List<StackFrame>, Integer> stacks = new IdentityHashMap<>();
        out.list(threads, thread -> {
            out.word(thread.address());
            out.text(thread.name());
            out.signed(thread.id());
            out.number(thread.kind().ordinal());
            out.flag(thread.system());
            out.flag(thread.daemon());
            out.text(thread.state());
            out.text(thread.waitReason());
            texts(out, thread.labels());
            out.signed(thread.waitNanos());
            out.text(thread.creator());
            StackSpace stack = thread.stack();
            out.flag(stack != null);
            if (stack != null) {
                out.signed(stack.free());
                out.signed(stack.used());
                out.signed(stack.rest());
                out.signed(stack.unknown());
            }
            Integer known = stacks.putIfAbsent(thread.frames(), stacks.size());
            out.number(known == null ? stacks.size() - 1L : known);
            if (known == null) {
                frames(out, thread.frames());
            }
            out.word(thread.carrier());
        });
    }

    static List<DumpThread> read(IndexInput in) throws DumpFormatException {
        List<List<StackFrame>> stacks = new ArrayList<>();
        return List.copyOf(in.list(
                28,
                () -> new DumpThread(
                        in.word(),
                        in.text(),
                        in.signed(),
                        in.constant(KINDS),
                        in.flag(),
                        in.flag(),
                        in.text(),
                        in.optionalText(),
                        texts(in),
                        in.signed(),
                        in.optionalText(),
                        in.flag() ? new StackSpace(in.signed(), in.signed(), in.signed(), in.signed()) : null,
                        stack(in, stacks),
                        in.word())));
    }

    private static List<StackFrame> stack(IndexInput in, List<List<StackFrame>> stacks) throws DumpFormatException {
        int number = in.upTo(stacks.size(), "call stack");
        if (number == stacks.size()) {
            stacks.add(frames(in));
        }
        return stacks.get(number);
    }

    static void waits(IndexOutput out, ThreadWaits waits) {
        out.number(waits.threads());
        for (int thread = 0; thread < waits.threads(); thread++) {
            out.number(waits.kind(thread).ordinal());
            out.number(waits.objectCount(thread));
            for (int i = 0; i < waits.objectCount(thread); i++) {
                out.word(waits.object(thread, i));
            }
            out.number(waits.recordCount(thread));
            for (int i = 0; i < waits.recordCount(thread); i++) {
                out.word(waits.record(thread, i));
            }
        }
    }

    static ThreadWaits waits(IndexInput in) throws DumpFormatException {
        ThreadWaits.Builder waits = new ThreadWaits.Builder();
        for (int threads = in.count(3); threads > 0; threads--) {
            waits.thread(in.constant(WAITS));
            for (int left = in.count(Long.BYTES); left > 0; left--) {
                waits.object(in.word());
            }
            for (int left = in.count(Long.BYTES); left > 0; left--) {
                waits.record(in.word());
            }
        }
        return waits.build();
    }

    static void frames(IndexOutput out, List<StackFrame> frames) {
        out.list(frames, frame -> {
            out.text(frame.function());
            out.text(frame.file());
            out.signed(frame.line());
            out.number((frame.nativeCode() ? NATIVE : 0)
                    | (frame.inlined() ? INLINED : 0)
                    | (frame.wrapper() ? WRAPPER : 0));
            out.signed(frame.bytes());
        });
    }

    static List<StackFrame> frames(IndexInput in) throws DumpFormatException {
        return List.copyOf(in.list(SMALLEST_FRAME, () -> {
            String function = in.text();
            String file = in.optionalText();
            int line = in.integer();
            int flags = in.upTo(7, "flags");
            return new StackFrame(
                    function,
                    file,
                    line,
                    (flags & NATIVE) != 0,
                    in.signed(),
                    (flags & INLINED) != 0,
                    (flags & WRAPPER) != 0);
        }));
    }

    /** Texts by name, in the order in which they are handed out. */
    static void texts(IndexOutput out, Map<String, String> texts) {
        out.number(texts.size());
        texts.forEach((name, text) -> {
            out.text(name);
            out.text(text);
        });
    }

    static Map<String, String> texts(IndexInput in) throws DumpFormatException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int left = in.count(2); left > 0; left--) {
            texts.put(in.text(), in.text());
        }
        return texts;
    }
}

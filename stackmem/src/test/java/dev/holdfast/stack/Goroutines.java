package dev.holdfast.stack;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Goroutines made for tests. */
final class Goroutines {
    private static final long STACK = 1 << 16;
    private static final long END = 40;

    private Goroutines() {}

    /** One that waits, its calls leaf first; the rest of 64 KiB is free. */
    static DumpThread waiting(long id, boolean system, Map<String, String> labels, List<StackFrame> calls) {
        long used = calls.stream().mapToLong(StackFrame::bytes).sum();
        return new DumpThread(
                id,
                "main.run",
                id,
                DumpThread.Kind.GOROUTINE,
                system,
                false,
                "waiting",
                "chan receive",
                labels,
                -1,
                null,
                new StackSpace(STACK - used - END, used, END),
                calls);
    }

    /** A call that is a frame of its own. */
    static StackFrame call(String function, long bytes) {
        return new StackFrame(function, function + ".go", 1, false, bytes, false, false);
    }

    /** A call that was inlined into the frame that follows. */
    static StackFrame inlined(String function) {
        return new StackFrame(function, function + ".go", 1, false, 0, true, false);
    }

    /** Of so many frames of a few functions, one in five with an inlined call. */
    static List<StackFrame> random(Random random, int frames, int functions) {
        List<StackFrame> calls = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            if (random.nextInt(5) == 0) {
                calls.add(inlined("main.inlined" + random.nextInt(3)));
            }
            int function = random.nextInt(functions);
            calls.add(call("main.f" + function, 16 + 16L * function));
        }
        return List.copyOf(calls);
    }
}

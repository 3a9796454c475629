package dev.holdfast.dump.gostack;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.pclntab.CallList;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Unwinds goroutines' stacks and finds the roots in them; for one thread. */
public final class GoStacks {
    /** A stack overflow leaves millions of frames; a list of calls so long is of no use to anybody. */
    private static final int MOST_FRAMES = 1 << 16;

    /** Programs have few shapes of stacks, however many goroutines; a damaged one may have as many. */
    private static final int MOST_SHAPES = 1 << 14;

    private final FunctionTable functions;
    private final GoroutineTable goroutines;
    private final Unwinder unwinder;
    private final StackScan scan;
    private final FrameVariables variables;
    private final Map<List<Long>, Shape> shapes = new HashMap<>();

    /** What goroutines have in common that stand at the same places. */
    private record Shape(List<StackFrame> calls, List<Integer> callOf, long bytes) {}

    GoStacks(GoProgram program, FunctionTable functions, GoroutineTable goroutines) {
        this.functions = functions;
        this.goroutines = goroutines;
        MemoryReader reader = program.reader();
        boolean linkRegister = program.executable().machine() == Machine.ARM64;
        unwinder = new Unwinder(functions, reader, linkRegister);
        scan = new StackScan(program, functions, unwinder, linkRegister);
        variables = new FrameVariables(program);
    }

    /** Unwinds the stack of a goroutine; of more than 65536 frames it leaves out those farther from the leaf. */
    public GoStack stack(Goroutine goroutine) {
        Anchor anchor = goroutines.anchor(goroutine);
        unwinder.start(anchor, goroutine.stackLow(), goroutine.stackHigh());
        List<GoFrame> frames = new ArrayList<>();
        GoFrame frame = unwinder.next();
        while (frame != null && frames.size() < MOST_FRAMES) {
            frames.add(frame);
            frame = unwinder.next();
        }
        if (frames.isEmpty()) {
            return new GoStack(List.of(), List.of(), List.of(), false, new StackSpace(0, 0, 0, goroutine.stackBytes()));
        }
        Shape shape = shape(frames);
        boolean complete = unwinder.complete() && frame == null;
        long free = frames.get(0).sp() - goroutine.stackLow();
        long rest = goroutine.stackBytes() - free - shape.bytes;
        return new GoStack(
                List.copyOf(frames),
                shape.calls,
                shape.callOf,
                complete,
                new StackSpace(free, shape.bytes, complete ? rest : 0, complete ? 0 : rest));
    }

    /** Equal frames make equal calls: code and size of each, and whether it stands at an instruction or behind a call. */
    private static List<Long> key(List<GoFrame> frames) {
        List<Long> key = new ArrayList<>(2 * frames.size());
        for (GoFrame each : frames) {
            key.add(each.place());
            key.add(each.bytes());
        }
        return key;
    }

    private Shape shape(List<GoFrame> frames) {
        List<Long> key = key(frames);
        Shape known = shapes.get(key);
        if (known != null) {
            return known;
        }
        if (shapes.size() >= MOST_SHAPES) {
            shapes.clear();
        }
        CallList calls = new CallList();
        for (GoFrame each : frames) {
            calls.add(functions.places(each.place()), each.function().name(), each.bytes());
        }
        Shape made = new Shape(calls.calls(), calls.callOf(), calls.bytes());
        shapes.put(key, made);
        return made;
    }

    /** Gives all that the collector would scan in the stack of a goroutine. */
    public void roots(Goroutine goroutine, RootSlots sink) {
        scan.scan(goroutine, goroutines.anchor(goroutine), sink);
    }

    /**
     * The variable that lies at an address of a frame, or null.
     *
     * @param slot address in the frame or among its arguments
     */
    public @Nullable SlotVariable variable(GoFrame frame, long slot) {
        return variables.at(frame, slot);
    }

    /** The variable that is held in a register where a frame stands, or null. */
    public @Nullable SlotVariable registerVariable(GoFrame frame, int register) {
        return variables.inRegister(frame, register);
    }
}

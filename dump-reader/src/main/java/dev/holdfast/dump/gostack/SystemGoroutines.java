package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;

/** Which goroutines belong to the runtime, as it decides itself: not those that run code of the program. */
final class SystemGoroutines {
    private static final int RUNNING_FINALIZER = 2;

    private final MemoryReader reader;
    private final StructLayout g;
    private final boolean finalizing;

    SystemGoroutines(GoProgram program) {
        reader = program.reader();
        g = program.layout().struct("runtime.g");
        finalizing = finalizing(program.layout());
    }

    boolean is(String entry, long goroutine) {
        switch (entry) {
            case "runtime.main":
            case "runtime.corostart":
            case "runtime.handleAsyncEvent":
                return false;
            case "runtime.runfinq":
            case "runtime.runFinalizers":
                return !finalizing;
            case "runtime.runCleanups":
                return !cleaning(goroutine);
            default:
                return entry.startsWith("runtime.");
        }
    }

    private boolean finalizing(RuntimeLayout layout) {
        try {
            if (layout.hasAddress("runtime.fingRunning")) {
                return reader.u8(layout.address("runtime.fingRunning")) != 0;
            }
            return layout.hasAddress("runtime.fingStatus")
                    && (reader.i32(layout.address("runtime.fingStatus")) & RUNNING_FINALIZER) != 0;
        } catch (MissingMemoryException e) {
            return false;
        }
    }

    private boolean cleaning(long goroutine) {
        return g.has("runningCleanups") && reader.u8(goroutine + g.offset("runningCleanups")) != 0;
    }
}

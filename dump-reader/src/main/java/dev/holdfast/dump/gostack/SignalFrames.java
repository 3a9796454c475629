package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a thread did before a signal interrupted it.
 *
 * <p>In a core of {@code GOTRACEBACK=crash} every thread stands in its signal handler. The kernel put the registers on the
 * signal stack above the handler's first frame.
 */
final class SignalFrames {
    /** On arm64 the kernel's record begins with {@code siginfo_t}. */
    /** Bytes of a signal stack that are searched: the runtime's have 32 KiB; a forged one goes over all memory. */
    private static final int LARGEST_STACK = 1 << 20;

    private static final int ARM64_SIGINFO = 128;

    private static final int DEEPEST = 1000;

    private final Machine machine;
    private final MemoryReader reader;
    private final FunctionTable functions;
    private final Unwinder unwinder;

    SignalFrames(Machine machine, MemoryReader reader, FunctionTable functions, Unwinder unwinder) {
        this.machine = machine;
        this.reader = reader;
        this.functions = functions;
        this.unwinder = unwinder;
    }

    /** Registers of the code that was interrupted, or null if they are not found. */
    @Nullable
    Registers interrupted(Registers handler, SystemThread thread) {
        Anchor anchor = new Anchor(handler.pc(), handler.sp(), handler.link(), false, handler);
        unwinder.start(anchor, thread.signalStack().low(), thread.signalStack().high());
        GoFrame frame = unwinder.next();
        for (int i = 0; frame != null && i < DEEPEST; i++) {
            if (frame.function().name().equals("runtime.sigtramp")) {
                Registers found = read(frame.fp() + (machine == Machine.ARM64 ? ARM64_SIGINFO : 0), thread);
                if (found != null) {
                    return found;
                }
            }
            frame = unwinder.next();
        }
        // C code between the kernel and the handler (cgo): look for a record that fits.
        long last = Math.max(handler.sp(), thread.signalStack().high() - LARGEST_STACK);
        for (long at = thread.signalStack().high() - 256; at - last >= 0; at -= 8) {
            Registers found = read(at, thread);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Registers read(long context, SystemThread thread) {
        try {
            Registers found = Registers.ofContext(machine, reader, context);
            boolean stack = thread.systemStack().contains(found.sp())
                    || thread.currentStack().contains(found.sp());
            return stack && (functions.function(found.pc()) != null || found.goroutine() == thread.current())
                    ? found
                    : null;
        } catch (MissingMemoryException e) {
            return null;
        }
    }
}

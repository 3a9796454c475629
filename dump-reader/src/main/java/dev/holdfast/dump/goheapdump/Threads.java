package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes threads of goroutines. */
final class Threads {
    private static final int RUNNABLE = 1;
    private static final int RUNNING = 2;
    private static final int SYSTEM_CALL = 3;
    private static final int WAITING = 4;

    /** Set while the collector looks at the stack. */
    private static final long SCANNED = 0x1000;

    private Threads() {}

    static List<DumpThread> of(Goroutines goroutines, List<Calls> calls, Slots slots, Labels labels, ProgramNames names)
            throws IOException {
        List<DumpThread> threads = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Goroutines.Goroutine goroutine = goroutines.all().get(i);
            GoroutineRecord record = goroutine.record();
            String state = state(record.status());
            threads.add(new DumpThread(
                    record.address(),
                    goroutine.entry(),
                    record.id(),
                    DumpThread.Kind.GOROUTINE,
                    record.system(),
                    false,
                    state,
                    state.equals("waiting") && !record.waitReason().isEmpty() ? record.waitReason() : null,
                    labels.of(record, names),
                    -1,
                    creator(goroutines, record, names),
                    space(record, calls.get(i), slots),
                    calls.get(i).frames()));
        }
        return List.copyOf(threads);
    }

    private static @Nullable String creator(Goroutines goroutines, GoroutineRecord record, ProgramNames names) {
        if (record.createdBy() == 0) {
            return null;
        }
        String named = names.functionOfCall(record.createdBy());
        return named != null ? named : goroutines.functionAt(record.createdBy());
    }

    private static String state(long status) {
        switch ((int) (status & ~SCANNED)) {
            case RUNNABLE:
                return "runnable";
            case RUNNING:
                return "running";
            case SYSTEM_CALL:
                return "syscall";
            case WAITING:
                return "waiting";
            default:
                return "";
        }
    }

    /** A goroutine begins with the bounds of its stack, in every release; they must be around its stack pointer. */
    private static @Nullable StackSpace space(GoroutineRecord record, Calls calls, Slots slots) throws IOException {
        Slots.Slot slot = slots.read(record.address(), 0);
        if (slot == null || slot.size() < slot.headerBytes() + 2L * Long.BYTES) {
            return null;
        }
        long low = slots.word(slot.contents() + slot.headerBytes());
        long high = slots.word(slot.contents() + slot.headerBytes() + Long.BYTES);
        boolean around = Long.compareUnsigned(low, record.sp()) <= 0 && Long.compareUnsigned(record.sp(), high) < 0;
        long free = record.sp() - low;
        long rest = high - record.sp() - calls.bytes();
        return around && Long.bitCount(high - low) == 1 && rest >= 0 ? new StackSpace(free, calls.bytes(), rest) : null;
    }
}

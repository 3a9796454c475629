package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.io.LongLongMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The threads that were alive, from THREAD_OBJ records, traces and the thread objects themselves (hprof.md 4). */
final class ThreadTable {
    private final List<DumpThread> threads;
    private final LongLongMap bySerial;

    private ThreadTable(List<DumpThread> threads, LongLongMap bySerial) {
        this.threads = threads;
        this.bySerial = bySerial;
    }

    /** Makes a thread of what a root record says of it. */
    private interface Making {
        DumpThread thread(long address, long serial, long trace) throws IOException;
    }

    /** The threads as far as root records name them: without names, states and frames. */
    static ThreadTable unnamed(RootRecords roots) throws IOException {
        return make(roots, (address, serial, trace) -> unknown(address, serial, List.of()));
    }

    static ThreadTable read(
            RootRecords roots, FileLayout layout, StackTraces traces, JavaHeap heap, ObjectSizing sizing)
            throws IOException {
        StackChunks chunks = new StackChunks(heap, sizing);
        return make(roots, (address, serial, recorded) -> {
            // Join by the trace's serial first, then by the thread's (hprof.md 4.1).
            long trace = recorded;
            if (layout.traces.get(trace, -1) < 0 || layout.agent) {
                trace = layout.traceOfThread.get(serial, -1);
            }
            return thread(address, serial, traces.trace(trace), heap, chunks);
        });
    }

    private static ThreadTable make(RootRecords roots, Making making) throws IOException {
        List<DumpThread> threads = new ArrayList<>();
        LongLongMap bySerial = new LongLongMap();
        LongLongMap byAddress = new LongLongMap();
        for (int i = 0; i < roots.size(); i++) {
            if (roots.tag(i) != Tag.ROOT_THREAD_OBJ) {
                continue;
            }
            long serial = roots.threadSerial(i) & 0xffffffffL;
            long address = roots.address(i);
            // One object is one thread, under whatever numbers a damaged file may name it.
            boolean first = address == 0 || byAddress.put(address, threads.size());
            if (bySerial.put(serial, first ? threads.size() : byAddress.get(address, -1)) && first) {
                threads.add(making.thread(address, serial, roots.detail(i) & 0xffffffffL));
            }
        }
        return new ThreadTable(List.copyOf(threads), bySerial);
    }

    private static DumpThread thread(
            long address, long serial, List<StackFrame> frames, JavaHeap heap, StackChunks chunks) throws IOException {
        RecordedObject object = heap.read(address);
        if (object == null) {
            return unknown(address, serial, frames);
        }
        boolean virtual = heap.isKind(object.type(), "java.lang.BaseVirtualThread");
        RecordedObject holder = heap.read(object.reference("holder"));
        RecordedObject facts = holder == null ? object : holder;
        long id = JavaHeap.number(object, "tid", -1);
        String name = heap.string(object.reference("name"));
        if (name == null || name.isEmpty()) {
            name = virtual ? "VirtualThread#" + id : "Thread#" + id;
        }
        String state;
        String reason;
        if (virtual) {
            long status = JavaHeap.number(object, "state", -1);
            state = status < 0 ? "" : ThreadStates.ofVirtual(status);
            reason = ThreadStates.reasonOfVirtual(status);
        } else {
            long status = JavaHeap.number(facts, "threadStatus", -1);
            state = status < 0 ? "" : ThreadStates.ofPlatform(status);
            reason = status < 0 ? null : ThreadStates.reasonOfPlatform(status);
        }
        return new DumpThread(
                address,
                name,
                id,
                virtual ? DumpThread.Kind.VIRTUAL : DumpThread.Kind.PLATFORM,
                isSystem(heap, facts),
                virtual || JavaHeap.number(facts, "daemon", 0) != 0,
                state,
                reason,
                Map.of(),
                -1,
                null,
                virtual ? chunks.stackOf(object) : null,
                frames,
                virtual ? object.reference("carrierThread") : 0);
    }

    /** A thread whose object is not in the dump, or was not looked at. */
    private static DumpThread unknown(long address, long serial, List<StackFrame> frames) {
        return new DumpThread(
                address,
                "Thread#" + serial,
                -1,
                DumpThread.Kind.PLATFORM,
                false,
                false,
                "",
                null,
                Map.of(),
                -1,
                null,
                null,
                frames);
    }

    private static boolean isSystem(JavaHeap heap, RecordedObject facts) throws IOException {
        RecordedObject group = heap.read(facts.reference("group"));
        return group != null && "system".equals(heap.string(group.reference("name")));
    }

    List<DumpThread> threads() {
        return threads;
    }

    /** Index of the thread with a serial number, or -1. */
    int indexOf(int serial) {
        return (int) bySerial.get(serial & 0xffffffffL, -1);
    }

    @Nullable
    StackFrame frame(int thread, int frame) {
        List<StackFrame> frames = threads.get(thread).frames();
        return frame >= 0 && frame < frames.size() ? frames.get(frame) : null;
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.LeakedGoroutines;
import dev.holdfast.roots.ThreadRetention;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The live threads or goroutines with state, stack, and what each thread and each frame retains. */
public final class ThreadsReport implements Report {
    private final List<ThreadRetention> threads;
    private final boolean allFrames;

    /** So many virtual threads of a JVM are objects and no threads. */
    private final long unrecorded;

    /** Where ghost frames are read, or null if they are not asked for. */
    private final @Nullable DumpFile ghosts;

    /** Whether a goroutine is leaked, of those of which it is known; none if that is not asked for. */
    private final IdentityHashMap<DumpThread, Boolean> leaked;

    private ThreadsReport(
            List<ThreadRetention> threads,
            boolean allFrames,
            long unrecorded,
            @Nullable DumpFile ghosts,
            IdentityHashMap<DumpThread, Boolean> leaked) {
        this.threads = threads;
        this.allFrames = allFrames;
        this.unrecorded = unrecorded;
        this.ghosts = ghosts;
        this.leaked = leaked;
    }

    /**
     * The threads of a heap, largest retained size first.
     *
     * @param allFrames whether the text shows every frame, rather than the topmost ones
     */
    public static ThreadsReport of(HeapSnapshot heap, boolean allFrames) {
        List<ThreadRetention> threads = ThreadRetention.of(heap).stream()
                .sorted(Comparator.comparingLong(
                                (ThreadRetention t) -> -t.retainedBytes().orElse(0))
                        .thenComparing(t -> t.thread().name())
                        .thenComparingLong(t -> t.thread().id()))
                .toList();
        return new ThreadsReport(threads, allFrames, JavaThreadGroups.unrecorded(heap), null, new IdentityHashMap<>());
    }

    /** The same with what earlier calls left in free stacks, read while the report is written: the heap must be open. */
    public ThreadsReport withGhostFrames(HeapSnapshot heap) {
        return new ThreadsReport(threads, allFrames, unrecorded, heap.dump(), leaked);
    }

    /** The same with whether something can wake each goroutine; of the text no part. */
    public ThreadsReport withLeaks(HeapSnapshot heap, Progress progress) {
        IdentityHashMap<DumpThread, Boolean> known = new IdentityHashMap<>();
        LeakedGoroutines found = LeakedGoroutines.find(heap, progress);
        List<DumpThread> all = heap.dump().threads();
        for (int thread = 0; found.judged() && thread < all.size(); thread++) {
            if (found.verdict(thread) != LeakedGoroutines.Verdict.UNKNOWN) {
                known.put(all.get(thread), found.leaked(thread));
            }
        }
        return new ThreadsReport(threads, allFrames, unrecorded, ghosts, known);
    }

    @Override
    public void writeText(PrintWriter out) {
        if (threads.stream().anyMatch(each -> each.thread().kind() == DumpThread.Kind.GOROUTINE)) {
            GoroutineGroups.of(threads).print(out, allFrames, ghosts);
            return;
        }
        JavaThreadGroups.of(threads).print(out, allFrames, unrecorded);
    }

    static String place(StackFrame frame) {
        if (frame.nativeCode()) {
            return "native";
        }
        String file = frame.file();
        return file == null ? "?" : TextTable.printable(file) + (frame.line() > 0 ? ":" + frame.line() : "");
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(
                out,
                json -> json.array("rows", list -> {
                    for (ThreadRetention retention : threads) {
                        DumpThread thread = retention.thread();
                        list.element(row -> {
                            row.field("name", thread.name())
                                    .fieldOrNull("id", thread.id())
                                    .field("system", thread.system())
                                    .field("state", thread.state().isEmpty() ? null : thread.state())
                                    .field("wait_reason", thread.waitReason())
                                    .strings("labels", thread.labels())
                                    .fieldOrNull("stack_bytes", thread.stackBytes())
                                    .fieldOrNull(
                                            "retained_bytes",
                                            retention.retainedBytes().orElse(-1))
                                    .field("kind", thread.kind().name().toLowerCase(Locale.ROOT))
                                    .field("daemon", thread.daemon())
                                    .fieldOrNull("wait_nanos", thread.waitNanos())
                                    .field("creator", thread.creator())
                                    .addressOrNull("object", thread.address())
                                    .addressOrNull("carrier", thread.carrier());
                            Boolean isLeaked = leaked.get(thread);
                            if (isLeaked == null) {
                                row.nullField("leaked");
                            } else {
                                row.field("leaked", isLeaked);
                            }
                            stack(row, thread.stack());
                            row.array("frames", frames -> {
                                for (int i = 0; i < thread.frames().size(); i++) {
                                    StackFrame frame = thread.frames().get(i);
                                    long bytes = retention.frameBytes().get(i).orElse(-1);
                                    frames.element(f -> f.field("function", frame.function())
                                            .field("file", frame.file())
                                            .fieldOrNull("line", frame.line() > 0 ? frame.line() : -1)
                                            .fieldOrNull("frame_bytes", frame.bytes())
                                            .fieldOrNull("retained_bytes", bytes)
                                            .field("inlined", frame.inlined())
                                            .field("wrapper", frame.wrapper()));
                                }
                            });
                            if (ghosts != null) {
                                ghosts(row, thread, ghosts.ghostFrames(thread));
                            }
                        });
                    }
                }));
    }

    private static void stack(Json row, @Nullable StackSpace stack) throws IOException {
        if (stack == null) {
            row.nullField("stack");
        } else {
            row.object(
                    "stack",
                    json -> json.field("free", stack.free())
                            .field("used", stack.used())
                            .field("rest", stack.rest())
                            .field("unknown", stack.unknown()));
        }
    }

    private static void ghosts(Json row, DumpThread thread, GhostFrames ghosts) throws IOException {
        row.array("ghost_frames", list -> {
            for (GhostFrame ghost : ghosts.frames()) {
                StackFrame call = ghost.call();
                list.element(each -> each.field("function", call.function())
                        .field("file", call.file())
                        .fieldOrNull("line", call.line() > 0 ? call.line() : -1)
                        .field("frame_bytes", call.bytes())
                        .field("inlined", call.inlined())
                        .field("bytes_below", ghost.bytesBelow())
                        .field("linked", ghost.linked())
                        .field("chain", ghost.chain().label())
                        .fieldOrNull("caller", ghost.caller())
                        .field(
                                "live_caller",
                                ghost.liveCaller() < 0
                                        ? null
                                        : thread.frames()
                                                .get(ghost.liveCaller())
                                                .function()));
            }
        });
        row.field("ghost_bytes_scanned", ghosts.scannedBytes());
    }
}

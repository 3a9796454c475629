package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.PipeSource;
import dev.holdfast.dump.io.WindowSource;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Counts the objects of a dump that comes through a pipe: one thread reads and hands on heap records, the others count.
 *
 * <p>A heap record of more than 2 MiB is counted by the reader itself, as only counting finds where it can be cut. Memory:
 * 6 MiB for looking back, 2 MiB for each of the records under way, and the names in the dump.
 */
final class StreamedPipe {
    private static final int READ_AHEAD = 1 << 16;
    /** Nearly all records of HotSpot since 15 have 1 MiB. */
    private static final int MOST_HANDED_ON = 2 << 20;

    private static final int POLL_MILLISECONDS = 5;

    private final String name;
    private final DumpOptions options;
    private final Progress progress;
    private final Warnings warnings = new Warnings();
    private final DamageReport damage;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final BlockingQueue<Part> queue;
    private @Nullable Counting counting;

    /** A heap record, or what is left of it. */
    private record Part(Counting counting, CountedUnit unit, WindowSource bytes, long start, long end) {}

    /** What is counted of one dump. */
    private static final class Counting {
        final FileLayout layout;
        final FileLayout.Dump dump;
        final List<CountedUnit> units = new ArrayList<>();
        final List<ObjectCounter> counters = new ArrayList<>();

        Counting(FileLayout layout, FileLayout.Dump dump) {
            this.layout = layout;
            this.dump = dump;
        }

        synchronized ObjectCounter counter() {
            ObjectCounter counter = CountedHeap.counter(layout);
            counters.add(counter);
            return counter;
        }
    }

    StreamedPipe(String name, DumpOptions options, Progress progress) {
        this.name = name;
        this.options = options;
        this.progress = progress;
        this.damage = new DamageReport(name, options.strict(), warnings);
        this.queue = new ArrayBlockingQueue<>(options.threads() + 2);
    }

    StreamedTotals count(InputStream in) throws IOException {
        PipeSource pipe = new PipeSource(in, name);
        FileLayout[] layout = new FileLayout[1];
        Reader reader = new Reader(pipe);
        Workers.run(options.threads() + 1, options.threads() + 1, () -> task -> {
            try {
                if (reader.begins()) {
                    try {
                        layout[0] = TopLevelScan.scan(pipe, options.strict(), warnings, progress, reader);
                    } finally {
                        over.set(true);
                    }
                } else {
                    work();
                }
            } catch (IOException | RuntimeException | Error e) {
                broken.set(true);
                throw e;
            }
        });
        return totals(layout[0], pipe.size());
    }

    private StreamedTotals totals(FileLayout layout, long size) throws IOException {
        ChosenDump chosen = ChosenDump.of(name, layout, options, warnings);
        Counting last = counting;
        CountedHeap heap = last == null
                ? CountedHeap.of(layout, List.of(), List.of())
                : CountedHeap.of(layout, last.counters, last.units);
        chosen.checkCounted(heap.objects(), size, warnings);
        return StreamedFile.totals(
                heap, layout, Map.of(), LayoutOverride.of(options), damage, warnings, chosen.info(null, size, size));
    }

    /** Counts what the reader hands on until there will be no more. */
    private void work() throws IOException {
        Counting mine = null;
        ObjectCounter counter = null;
        HeapRecords walker = new HeapRecords(damage, progress);
        while (!broken.get()) {
            boolean last = over.get();
            Part part = next();
            if (part == null) {
                if (last) {
                    return;
                }
                continue;
            }
            if (part.counting != mine || counter == null) {
                mine = part.counting;
                counter = mine.counter();
            }
            counter.begin(part.unit);
            RecordInput in = new RecordInput(part.bytes, mine.layout.idBytes, part.start);
            walker.walk(in, part.start, part.end, part.end, counter, READ_AHEAD);
        }
    }

    private @Nullable Part next() throws IOException {
        try {
            return queue.poll(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new java.io.InterruptedIOException(name));
        }
    }

    /** The thread that reads: it takes heap records as the scan of all records comes upon them. */
    private final class Reader implements TopLevelScan.HeapRecordTaker {
        private final PipeSource pipe;
        private final AtomicBoolean begun = new AtomicBoolean();
        private @Nullable ObjectCounter own;

        Reader(PipeSource pipe) {
            this.pipe = pipe;
        }

        /** Whether the caller is to read; true for one. */
        boolean begins() {
            return begun.compareAndSet(false, true);
        }

        @Override
        public long take(FileLayout layout, FileLayout.Dump dump, long body, long end) throws IOException {
            int number = options.dumpNumber().orElse(0);
            if (number != 0 && layout.dumps.size() + 1 != number) {
                return skipped(end);
            }
            Counting to = counting;
            if (to == null || to.dump != dump) {
                to = new Counting(layout, dump);
                counting = to;
                own = null;
            }
            CountedUnit unit = new CountedUnit(null);
            to.units.add(unit);
            return end - body <= MOST_HANDED_ON ? handOn(to, unit, body, end) : countHere(to, unit, body, end);
        }

        private long skipped(long end) throws IOException {
            return pipe.reaches(end) ? end : pipe.size();
        }

        private long handOn(Counting to, CountedUnit unit, long body, long end) throws IOException {
            byte[] bytes = new byte[(int) (end - body)];
            int n = pipe.read(body, bytes, 0, bytes.length);
            Part part = new Part(to, unit, new WindowSource(name, body, bytes, n), body, body + n);
            try {
                while (!queue.offer(part, POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    progress.check();
                    if (broken.get()) {
                        // What broke is thrown in place of this.
                        throw new java.io.InterruptedIOException(name);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException(name);
            }
            return body + n;
        }

        private long countHere(Counting to, CountedUnit unit, long body, long end) throws IOException {
            ObjectCounter counter = own;
            if (counter == null) {
                counter = to.counter();
                own = counter;
            }
            counter.begin(unit);
            RecordInput in = new RecordInput(pipe, to.layout.idBytes, body);
            new HeapRecords(damage, progress).walk(in, body, end, end, counter, READ_AHEAD);
            return skipped(end);
        }
    }
}

package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.PipeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header and all top-level records, skipping the bodies of heap records, whose places it notes.
 *
 * <p>Damage: a record that reaches beyond the end of the file is cut there; lengths that lie are repaired by the rules of
 * hprof.md 1.7 where those apply. Strict mode ends at the first damage.
 */
final class TopLevelScan {
    private static final int HEADER_NAME_MAX = 20;
    /** ART's placeholder for the length of a record that it did not finish. */
    private static final long ART_UNFINISHED = 0xdeaddeadL;
    /** So many records of unknown type, and the bytes are no records at all: a gigabyte of zeros would be 10^8 of them. */
    private static final int MAX_UNKNOWN = 10_000;

    private final ByteSource source;
    private final RecordInput in;
    private final FileLayout layout;
    private final DamageReport damage;
    private FileLayout.Dump dump;
    private int unknown;
    /** Takes heap records as they come; null where they are only noted. */
    private final @Nullable HeapRecordTaker taker;

    /** Takes heap records of a source that cannot be read twice. */
    interface HeapRecordTaker {
        /**
         * Takes the body of a heap record.
         *
         * @param dump the dump that it belongs to
         * @return where the body ends: its end, or that of the source
         */
        long take(FileLayout layout, FileLayout.Dump dump, long body, long end) throws IOException;
    }

    private TopLevelScan(
            ByteSource source, FileLayout layout, long start, DamageReport damage, @Nullable HeapRecordTaker taker) {
        this.taker = taker;
        this.source = source;
        this.layout = layout;
        this.in = new RecordInput(source, layout.idBytes, start);
        this.damage = damage;
        this.dump = new FileLayout.Dump(start);
    }

    /**
     * Scans a source.
     *
     * @throws DumpFormatException if the header is no HPROF header, or at the first damage in strict mode
     */
    static FileLayout scan(ByteSource source, boolean strict, Warnings warnings, Progress progress) throws IOException {
        return scan(source, strict, warnings, progress, null);
    }

    /** The same of a source that can be read only once. */
    static FileLayout scan(
            ByteSource source, boolean strict, Warnings warnings, Progress progress, @Nullable HeapRecordTaker taker)
            throws IOException {
        byte[] head = new byte[HEADER_NAME_MAX + 12];
        int n = source.read(0, head, 0, head.length);
        int end = 0;
        while (end < Math.min(n, HEADER_NAME_MAX) && head[end] != 0) {
            end++;
        }
        String name = new String(head, 0, end, StandardCharsets.ISO_8859_1);
        if (!name.startsWith(HprofFormat.MAGIC) || end == n || head[end] != 0) {
            throw new DumpFormatException(source.name(), 0, "not an HPROF header");
        }
        String version = name.substring(HprofFormat.MAGIC.length());
        if (!version.equals("1.0.1") && !version.equals("1.0.2") && !version.equals("1.0.3")) {
            throw new DumpFormatException(
                    source.name(), 0, "HPROF version '" + version + "' is not supported (1.0.1, 1.0.2, 1.0.3 are)");
        }
        if (n < end + 13) {
            throw new DumpFormatException(source.name(), n, "the file ends inside the header");
        }
        RecordInput in = new RecordInput(source, 4, end + 1);
        in.require(12);
        int idBytes = in.i4();
        if (idBytes != 4 && idBytes != 8) {
            throw new DumpFormatException(
                    source.name(), end + 1, "identifiers of " + idBytes + " bytes (4 and 8 are known)");
        }
        long taken = in.i8();
        FileLayout layout = new FileLayout(version, idBytes, taken, new StringTable(source));
        progress.phase("scanning records", source.size());
        new TopLevelScan(source, layout, end + 13L, new DamageReport(source.name(), strict, warnings), taker)
                .run(progress);
        return layout;
    }

    private void run(Progress progress) throws IOException {
        long next = in.position();
        while (next < source.size()) {
            progress.check();
            in.seek(next);
            long start = next;
            if (!in.require(9)) {
                if (start >= source.size()) {
                    // A pipe, whose end is known only now.
                    if (start > source.size()) {
                        damage.loss("truncated", start, "the file ends inside a record", start - source.size());
                        layout.truncated = true;
                    }
                    break;
                }
                damage.loss("truncated", start, "the file ends inside a record header", source.size() - start);
                layout.truncated = true;
                break;
            }
            int tag = in.u1();
            in.i4();
            long length = in.u4();
            long body = start + 9;
            long end = body + length;
            if (tag == Tag.HEAP_DUMP || tag == Tag.HEAP_DUMP_SEGMENT) {
                end = heapRecordEnd(tag, body, length);
            }
            boolean heap = tag == Tag.HEAP_DUMP || tag == Tag.HEAP_DUMP_SEGMENT;
            long present = Math.min(end, source.size());
            if (heap && taker != null) {
                present = taker.take(layout, dump, body, present);
            }
            if (end > present) {
                damage.loss(
                        "truncated",
                        start,
                        "the file ends inside a record of type 0x" + Integer.toHexString(tag),
                        end == PipeSource.UNKNOWN ? 1 : end - present);
                layout.truncated = true;
                end = present;
            }
            record(tag, start, body, end);
            if (unknown > MAX_UNKNOWN) {
                damage.loss("unreadable", end, "too many unknown records, the rest is not read", source.size() - end);
                layout.truncated = true;
                break;
            }
            progress.advance(end);
            next = end;
        }
        if (!dump.segments.isEmpty()) {
            layout.dumps.add(dump);
        }
        if (layout.dumps.isEmpty()) {
            damage.loss("no-heap", source.size(), "the file has no heap records", 1);
            layout.dumps.add(dump);
        }
    }

    /** The end of a heap record, repairing lengths that cannot be meant. */
    private long heapRecordEnd(int tag, long body, long length) throws IOException {
        long left = source.size() - body;
        if (length == ART_UNFINISHED && length > left || length == 0 && left > 0 && !emptySegment(body)) {
            damage.note("unfinished-record", body - 9, "a heap record has no length; read to the end of the file", 1);
            return source.size();
        }
        if (source.size() == PipeSource.UNKNOWN) {
            return body + length;
        }
        if (tag == Tag.HEAP_DUMP && left >= 1L << 32 && left - length > 0 && (left - length) % (1L << 32) == 0) {
            damage.note("length-overflow", body - 9, "a heap record is longer than its length field can say", 1);
            return source.size();
        }
        return body + length;
    }

    /** A segment of length 0 that another record follows really is empty. */
    private boolean emptySegment(long body) throws IOException {
        in.seek(body);
        boolean empty = false;
        if (in.require(9)) {
            int tag = in.u1();
            in.i4();
            long length = in.u4();
            empty = (tag == Tag.HEAP_DUMP_SEGMENT || tag == Tag.HEAP_DUMP_END && length == 0)
                    && body + 9 + length <= source.size();
        }
        in.seek(body);
        return empty;
    }

    private void record(int tag, long start, long body, long end) throws IOException {
        int id = layout.idBytes;
        long length = end - body;
        switch (tag) {
            case Tag.UTF8:
                if (fits(tag, start, length, id)) {
                    layout.strings.add(in.id(), body + id, length - id);
                }
                break;
            case Tag.LOAD_CLASS:
                if (fits(tag, start, length, 8 + 2 * id)) {
                    int serial = in.i4();
                    long classId = in.id();
                    in.i4();
                    long nameId = in.id();
                    layout.classBySerial.replace(serial, classId);
                    if (layout.classNames.put(classId, nameId)) {
                        layout.classIds.add(classId);
                    } else {
                        layout.classNames.replace(classId, nameId);
                    }
                }
                break;
            case Tag.FRAME:
                if (fits(tag, start, length, 8 + 4 * id)) {
                    layout.frames.add(in.id(), body);
                }
                break;
            case Tag.TRACE:
                if (fits(tag, start, length, 12)) {
                    int serial = in.i4();
                    int thread = in.i4();
                    layout.traces.replace(serial & 0xffffffffL, body);
                    layout.traceOfThread.replace(thread & 0xffffffffL, serial & 0xffffffffL);
                }
                break;
            case Tag.START_THREAD:
                layout.agent = true;
                if (fits(tag, start, length, 8 + 4 * id)) {
                    layout.startedThreads.replace(in.i4() & 0xffffffffL, body);
                }
                break;
            case Tag.CONTROL_SETTINGS:
            case Tag.HEAP_SUMMARY:
            case Tag.CPU_SAMPLES:
            case Tag.END_THREAD:
            case Tag.UNLOAD_CLASS:
                layout.agent = true;
                break;
            case Tag.ALLOC_SITES:
                layout.agent = true;
                layout.allocationSites.add(body);
                break;
            case Tag.HEAP_DUMP:
                dump.segments.add(new FileLayout.Segment(body, end));
                if (layout.version.equals("1.0.1")) {
                    endDump(end);
                }
                break;
            case Tag.HEAP_DUMP_SEGMENT:
                dump.segments.add(new FileLayout.Segment(body, end));
                break;
            case Tag.HEAP_DUMP_END:
                if (!dump.segments.isEmpty()) {
                    endDump(end);
                }
                break;
            default:
                unknown++;
                damage.loss(
                        "unknown-record",
                        start,
                        "a record of unknown type 0x" + Integer.toHexString(tag) + " was skipped",
                        1);
        }
    }

    private void endDump(long end) {
        dump.complete = !layout.truncated;
        layout.dumps.add(dump);
        dump = new FileLayout.Dump(end);
    }

    private boolean fits(int tag, long start, long length, int needed) throws IOException {
        if (length >= needed && in.require(needed)) {
            return true;
        }
        damage.loss(
                "short-record",
                start,
                "a record of type 0x" + Integer.toHexString(tag) + " is shorter than its fields",
                1);
        return false;
    }
}

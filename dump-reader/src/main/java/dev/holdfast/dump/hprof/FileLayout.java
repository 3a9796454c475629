package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;
import java.util.ArrayList;
import java.util.List;

/**
 * What the top-level records of a file say: header, tables, and where the heap records are. Filled by
 * {@link TopLevelScan}, constant afterwards.
 */
final class FileLayout {
    /**
     * The body of a HEAP_DUMP or HEAP_DUMP_SEGMENT record.
     *
     * @param start offset of its first sub-record
     * @param end offset behind its last
     */
    record Segment(long start, long end) {}

    /** One of the dumps in the file: its heap records in file order. */
    static final class Dump {
        final long offset;
        final List<Segment> segments = new ArrayList<>();
        /** Whether HEAP_DUMP_END or, in 1.0.1, the end of the record was seen. */
        boolean complete;

        Dump(long offset) {
            this.offset = offset;
        }
    }

    final String version;
    final int idBytes;
    final long takenAtMillis;
    final StringTable strings;
    /** Class serial to class identifier. */
    final LongLongMap classBySerial = new LongLongMap();
    /** Class identifier to the identifier of its name. */
    final LongLongMap classNames = new LongLongMap();
    /** Classes in the order of their first LOAD_CLASS. */
    final LongList classIds = new LongList();

    final FrameOffsets frames;
    /** Trace serial to the offset of its record's body. */
    final LongLongMap traces = new LongLongMap();
    /** Thread serial to a trace that names it, for threads whose own trace is missing. */
    final LongLongMap traceOfThread = new LongLongMap();
    /** Thread serial to the offset of its START_THREAD record's body; the old agent's. */
    final LongLongMap startedThreads = new LongLongMap();
    /** Offsets of ALLOC_SITES bodies; the old agent's. */
    final List<Long> allocationSites = new ArrayList<>();

    final List<Dump> dumps = new ArrayList<>();
    /** Whether the old agent wrote the file, so that identifiers are no addresses. */
    boolean agent;
    /** Whether the file ends inside a record. */
    boolean truncated;

    FileLayout(String version, int idBytes, long takenAtMillis, StringTable strings) {
        this.version = version;
        this.idBytes = idBytes;
        this.takenAtMillis = takenAtMillis;
        this.strings = strings;
        this.frames = new FrameOffsets(idBytes);
    }
}

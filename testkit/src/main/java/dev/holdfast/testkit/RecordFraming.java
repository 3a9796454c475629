package dev.holdfast.testkit;

/** Record headers and heap segments on top of {@link BigEndianOutput}: patches lengths and cuts automatic segments. Not thread-safe. */
final class RecordFraming {
    private static final long NO_SEGMENT = -1;

    private final BigEndianOutput out;
    private int micros;
    private long lengthAt = NO_SEGMENT;
    private int autoLimit;

    RecordFraming(BigEndianOutput out) {
        this.out = out;
    }

    void micros(int value) {
        micros = value;
    }

    void autoSegments(int maxBody) {
        autoLimit = maxBody;
    }

    /** Writes the header of a record with a known length; ends an automatic segment. */
    void start(int tag, long length) {
        endAutoSegment();
        if (tag == HprofTag.HEAP_DUMP || tag == HprofTag.HEAP_DUMP_SEGMENT || tag == HprofTag.HEAP_DUMP_END) {
            out.flush();
        }
        recordHeader(tag, length);
    }

    /** Writes the header of a heap record whose length is patched by {@link #end}. */
    void begin(int tag) {
        endAutoSegment();
        out.flush();
        out.hold();
        recordHeader(tag, 0);
        lengthAt = out.position() - 4;
    }

    void end() {
        if (lengthAt == NO_SEGMENT) {
            throw new IllegalStateException("no segment begun");
        }
        end(out.position() - lengthAt - 4);
    }

    void end(long claimedLength) {
        out.patch4(lengthAt, (int) claimedLength);
        out.release();
        lengthAt = NO_SEGMENT;
    }

    /** Writes a sub-record's tag, in automatic mode after starting the segment it belongs into. */
    void sub(int tag, long bodyLength) {
        if (autoLimit > 0) {
            long length = bodyLength + 1;
            if (lengthAt != NO_SEGMENT && out.position() - lengthAt - 4 + length > autoLimit) {
                end();
            }
            if (lengthAt == NO_SEGMENT) {
                if (length > autoLimit) {
                    start(HprofTag.HEAP_DUMP_SEGMENT, length);
                } else {
                    begin(HprofTag.HEAP_DUMP_SEGMENT);
                }
            }
        }
        out.u1(tag);
    }

    void close() {
        endAutoSegment();
        out.close();
    }

    private void endAutoSegment() {
        if (autoLimit > 0 && lengthAt != NO_SEGMENT) {
            end();
        }
    }

    private void recordHeader(int tag, long length) {
        out.u1(tag);
        out.u4(micros);
        out.u4((int) length);
    }
}

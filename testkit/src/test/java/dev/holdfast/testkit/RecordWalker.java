package dev.holdfast.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Walks a whole dump by the sizes of hprof.md 1.2 to 1.4, independently of the writer, and counts records. */
final class RecordWalker {
    final Map<Integer, Integer> records = new TreeMap<>();
    final Map<Integer, Integer> subRecords = new TreeMap<>();
    final String format;
    final int idSize;
    long largestSegment;

    private final ByteBuffer in;

    RecordWalker(byte[] dump) {
        in = ByteBuffer.wrap(dump);
        int nul = 0;
        while (dump[nul] != 0) {
            nul++;
        }
        format = new String(dump, 0, nul, StandardCharsets.US_ASCII);
        in.position(nul + 1);
        idSize = in.getInt();
        in.getLong();
        while (in.hasRemaining()) {
            int tag = Byte.toUnsignedInt(in.get());
            in.getInt();
            int end = in.getInt() + in.position();
            records.merge(tag, 1, Integer::sum);
            if (tag == 0x0C || tag == 0x1C) {
                largestSegment = Math.max(largestSegment, end - in.position());
                while (in.position() < end) {
                    subRecord();
                }
            }
            if (in.position() > end) {
                throw new AssertionError("record " + tag + " overran its end " + end + ", now at " + in.position());
            }
            in.position(end);
        }
    }

    private void subRecord() {
        int at = in.position();
        int tag = Byte.toUnsignedInt(in.get());
        subRecords.merge(tag, 1, Integer::sum);
        switch (tag) {
            case 0xFF, 0x05, 0x07, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x90 -> skip(idSize);
            case 0x01 -> skip(2L * idSize);
            case 0x04, 0x06, 0xFE -> skip(idSize + 4);
            case 0x02, 0x03, 0x08, 0x8E -> skip(idSize + 8);
            case 0x20 -> classDump();
            case 0x21 -> {
                skip(2L * idSize + 4);
                skip(in.getInt());
            }
            case 0x22 -> {
                skip(idSize + 4);
                int count = in.getInt();
                skip(idSize + (long) count * idSize);
            }
            case 0x23, 0xC3 -> {
                skip(idSize + 4);
                int count = in.getInt();
                int width = width(in.get());
                skip(tag == 0x23 ? (long) count * width : 0);
            }
            default -> throw new AssertionError("sub-record 0x" + Integer.toHexString(tag) + " at " + at);
        }
    }

    private void classDump() {
        skip(7L * idSize + 8);
        for (int n = in.getShort(); n > 0; n--) {
            skip(2);
            skip(width(in.get()));
        }
        for (int n = in.getShort(); n > 0; n--) {
            skip(idSize);
            skip(width(in.get()));
        }
        skip((long) in.getShort() * (idSize + 1));
    }

    private int width(byte type) {
        return switch (type) {
            case 1, 2 -> idSize;
            case 4, 8 -> 1;
            case 5, 9 -> 2;
            case 6, 10 -> 4;
            case 7, 11 -> 8;
            default -> throw new AssertionError("type " + type);
        };
    }

    private void skip(long count) {
        in.position((int) (in.position() + count));
    }
}

package dev.holdfast.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * A second decoder of profile.proto, written from the list of field numbers (pprof.md 1.1) and nothing else. What it does not know or cannot read is
 * an {@link IllegalArgumentException}: a profile of ours has no reason to hold it.
 */
public final class PprofDecoder {
    private final List<String> strings;

    private PprofDecoder(List<String> strings) {
        this.strings = strings;
    }

    /** Decodes a file, gzip'd or not. */
    public static DecodedProfile decode(Path file) {
        try {
            return decode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes a profile, gzip'd or not. */
    public static DecodedProfile decode(byte[] profile) {
        Message message = new Message(ByteBuffer.wrap(gunzip(profile)), 15);
        List<String> strings = new ArrayList<>();
        for (ByteBuffer text : message.blobs(6)) {
            strings.add(StandardCharsets.UTF_8.decode(text).toString());
        }
        return new PprofDecoder(strings).profile(message);
    }

    /** The uncompressed bytes of a gzip'd profile, or the bytes themselves. */
    public static byte[] gunzip(byte[] profile) {
        if (profile.length < 2 || profile[0] != 0x1f || profile[1] != (byte) 0x8b) {
            return profile;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(profile))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DecodedProfile profile(Message m) {
        List<DecodedProfile.ValueType> periodType =
                m.messages(11, 2).stream().map(this::valueType).toList();
        return new DecodedProfile(
                m.messages(1, 2).stream().map(this::valueType).toList(),
                m.messages(2, 3).stream().map(this::sample).toList(),
                m.messages(3, 10).stream().map(this::mapping).toList(),
                m.messages(4, 5).stream().map(PprofDecoder::location).toList(),
                m.messages(5, 5).stream().map(this::function).toList(),
                List.copyOf(strings),
                text(m, 7),
                text(m, 8),
                m.number(9),
                m.number(10),
                periodType.isEmpty() ? new DecodedProfile.ValueType("", "") : periodType.get(0),
                m.number(12),
                m.numbers(13).stream().map(i -> strings.get(Math.toIntExact(i))).toList(),
                text(m, 14),
                text(m, 15));
    }

    private String text(Message m, int field) {
        long index = m.number(field);
        if (index < 0 || index >= Math.max(1, strings.size())) {
            throw new IllegalArgumentException("string index " + index + " of " + strings.size());
        }
        return strings.isEmpty() ? "" : strings.get((int) index);
    }

    private DecodedProfile.ValueType valueType(Message m) {
        return new DecodedProfile.ValueType(text(m, 1), text(m, 2));
    }

    private DecodedProfile.Sample sample(Message m) {
        List<DecodedProfile.Label> labels = m.messages(3, 4).stream()
                .map(label -> new DecodedProfile.Label(text(label, 1), text(label, 2), label.number(3), text(label, 4)))
                .toList();
        return new DecodedProfile.Sample(m.numbers(1), m.numbers(2), labels);
    }

    private DecodedProfile.Mapping mapping(Message m) {
        return new DecodedProfile.Mapping(
                m.number(1),
                m.number(2),
                m.number(3),
                m.number(4),
                text(m, 5),
                text(m, 6),
                m.number(7) != 0,
                m.number(8) != 0,
                m.number(9) != 0,
                m.number(10) != 0);
    }

    private static DecodedProfile.Location location(Message m) {
        List<DecodedProfile.Line> lines = m.messages(4, 3).stream()
                .map(line -> new DecodedProfile.Line(line.number(1), line.number(2), line.number(3)))
                .toList();
        return new DecodedProfile.Location(m.number(1), m.number(2), m.number(3), lines, m.number(5) != 0);
    }

    private DecodedProfile.Function function(Message m) {
        return new DecodedProfile.Function(m.number(1), text(m, 2), text(m, 3), text(m, 4), m.number(5));
    }

    /** One message: per field number its varints and its length-delimited parts in order. */
    private static final class Message {
        private final Map<Integer, List<Long>> varints = new TreeMap<>();
        private final Map<Integer, List<ByteBuffer>> blobs = new TreeMap<>();

        Message(ByteBuffer in, int largestField) {
            in.order(ByteOrder.LITTLE_ENDIAN);
            try {
                while (in.hasRemaining()) {
                    long key = varint(in);
                    long field = key >>> 3;
                    if (field < 1 || field > largestField) {
                        throw new IllegalArgumentException("field " + field + " at " + in.position());
                    }
                    switch ((int) key & 7) {
                        case 0 ->
                            varints.computeIfAbsent((int) field, n -> new ArrayList<>())
                                    .add(varint(in));
                        case 2 -> {
                            int length = Math.toIntExact(varint(in));
                            ByteBuffer part = in.slice(in.position(), length);
                            in.position(in.position() + length);
                            blobs.computeIfAbsent((int) field, n -> new ArrayList<>())
                                    .add(part);
                        }
                        default -> throw new IllegalArgumentException("wire type " + (key & 7));
                    }
                }
            } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
                throw new IllegalArgumentException("cut or damaged at " + in.position(), e);
            }
        }

        List<ByteBuffer> blobs(int field) {
            return blobs.getOrDefault(field, List.of());
        }

        List<Message> messages(int field, int largestField) {
            return blobs(field).stream()
                    .map(blob -> new Message(blob, largestField))
                    .toList();
        }

        long number(int field) {
            List<Long> all = varints.getOrDefault(field, List.of());
            return all.isEmpty() ? 0 : all.get(all.size() - 1);
        }

        /** A repeated number, packed or not; not both. */
        List<Long> numbers(int field) {
            List<Long> all = new ArrayList<>(varints.getOrDefault(field, List.of()));
            for (ByteBuffer packed : blobs(field)) {
                ByteBuffer in = packed.duplicate();
                while (in.hasRemaining()) {
                    all.add(varint(in));
                }
            }
            return all;
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                byte b = in.get();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("varint over 10 bytes at " + in.position());
        }
    }
}

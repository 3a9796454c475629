package dev.holdfast.dump.hprof;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.zip.GZIPInputStream;

/** A second, slow and simple reader of HPROF for tests of sizes: everything into lists. */
final class TinyWalker {
    record Clazz(
            long id,
            long superId,
            long declared,
            List<String> staticNames,
            List<Byte> statics,
            List<String> fieldNames,
            List<Byte> fields) {}

    /** kind: 0 instance (key = class id, size = bytes), else the basic type of the elements (size = length). */
    record Obj(long address, int kind, long key, long size) {}

    final Map<Long, Clazz> classes = new LinkedHashMap<>();
    final Map<Long, String> names = new HashMap<>();
    final List<Obj> objects = new ArrayList<>();
    final Map<Long, byte[]> stackChunks = new HashMap<>();
    int idSize;

    private final Map<Long, String> strings = new HashMap<>();
    private DataInputStream in;
    private long position;

    private TinyWalker(InputStream stream) {
        in = new DataInputStream(stream);
    }

    static TinyWalker read(Path file) throws IOException {
        boolean gzip;
        try (InputStream probe = Files.newInputStream(file)) {
            gzip = probe.read() == 0x1f;
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream stream = gzip ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw) {
            TinyWalker walker = new TinyWalker(stream);
            walker.file();
            return walker;
        }
    }

    private void file() throws IOException {
        while (in.readByte() != 0) {}
        idSize = in.readInt();
        in.readLong();
        while (true) {
            int tag = in.read();
            if (tag < 0) {
                return;
            }
            in.readInt();
            long length = in.readInt() & 0xffffffffL;
            try {
                record(tag, length);
            } catch (EOFException cut) {
                return;
            }
            if (tag == 0x2c) {
                return;
            }
        }
    }

    private void record(int tag, long length) throws IOException {
        if (tag == 1) {
            long id = id();
            byte[] text = new byte[(int) length - idSize];
            in.readFully(text);
            strings.put(id, new String(text, StandardCharsets.UTF_8));
        } else if (tag == 2) {
            in.readInt();
            long id = id();
            in.readInt();
            names.put(id, strings.getOrDefault(id(), "?"));
        } else if (tag == 0x0c || tag == 0x1c) {
            position = 0;
            while (position < length) {
                sub();
            }
        } else {
            in.skipNBytes(length);
        }
    }

    private void sub() throws IOException {
        int tag = u1();
        switch (tag) {
            case 0xff, 5, 7, 0x89, 0x8a, 0x8b, 0x8c, 0x8d -> skip(idSize);
            case 1 -> skip(2L * idSize);
            case 2, 3, 8, 0x8e -> skip(idSize + 8L);
            case 4, 6, 0xfe -> skip(idSize + 4L);
            case 0x20 -> clazz();
            case 0x21 -> {
                long address = id();
                u4();
                long clazz = id();
                int n = u4();
                if (names.getOrDefault(clazz, "").equals("jdk/internal/vm/StackChunk")) {
                    byte[] body = new byte[n];
                    in.readFully(body);
                    position += n;
                    stackChunks.put(address, body);
                } else {
                    skip(n);
                }
                objects.add(new Obj(address, 0, clazz, n));
            }
            case 0x22 -> {
                long address = id();
                u4();
                long n = u4() & 0xffffffffL;
                objects.add(new Obj(address, 2, id(), n));
                skip(n * idSize);
            }
            case 0x23 -> {
                long address = id();
                u4();
                long n = u4() & 0xffffffffL;
                int type = u1();
                objects.add(new Obj(address, type, 0, n));
                skip(n * ObjectLayout.width(type, 0));
            }
            default -> throw new IOException("sub-record " + tag);
        }
    }

    private void clazz() throws IOException {
        long id = id();
        u4();
        long superId = id();
        skip(5L * idSize);
        int declared = u4();
        for (int n = u2(); n > 0; n--) {
            u2();
            value(u1());
        }
        List<String> staticNames = new ArrayList<>();
        List<Byte> statics = new ArrayList<>();
        for (int n = u2(); n > 0; n--) {
            staticNames.add(strings.getOrDefault(id(), ""));
            int type = u1();
            statics.add((byte) type);
            value(type);
        }
        List<String> fieldNames = new ArrayList<>();
        List<Byte> fields = new ArrayList<>();
        for (int n = u2(); n > 0; n--) {
            fieldNames.add(strings.getOrDefault(id(), ""));
            fields.add((byte) u1());
        }
        classes.putIfAbsent(
                id, new Clazz(id, superId, declared & 0xffffffffL, staticNames, statics, fieldNames, fields));
    }

    private void value(int type) throws IOException {
        skip(ObjectLayout.width(type, idSize));
    }

    private void skip(long n) throws IOException {
        in.skipNBytes(n);
        position += n;
    }

    private long id() throws IOException {
        position += idSize;
        return idSize == 8 ? in.readLong() : in.readInt() & 0xffffffffL;
    }

    private int u4() throws IOException {
        position += 4;
        return in.readInt();
    }

    private int u2() throws IOException {
        position += 2;
        return in.readUnsignedShort();
    }

    private int u1() throws IOException {
        position += 1;
        return in.readUnsignedByte();
    }

    // --- what the inference takes -------------------------------------------------------------------------------

    Map<Long, Integer> indexes() {
        Map<Long, Integer> indexes = new HashMap<>();
        for (long id : classes.keySet()) {
            indexes.put(id, indexes.size());
        }
        return indexes;
    }

    List<ClassShape> shapes() {
        Map<Long, Integer> indexes = indexes();
        List<ClassShape> shapes = new ArrayList<>();
        for (Clazz c : classes.values()) {
            shapes.add(new ClassShape(
                    names.getOrDefault(c.id(), ""),
                    indexes.getOrDefault(c.superId(), -1),
                    widths(c.fields()),
                    widths(c.statics()),
                    (int) c.staticNames().stream()
                            .filter(ClassShape::isInventedStatic)
                            .count(),
                    c.declared(),
                    c.id()));
        }
        return shapes;
    }

    private static FieldWidths widths(List<Byte> types) {
        byte[] all = new byte[types.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = types.get(i);
        }
        return FieldWidths.of(all);
    }

    /** The field {@code size} of a stack chunk. */
    int stackChunkWords(Obj chunk) {
        Clazz c = requireNonNull(classes.get(chunk.key()));
        int at = 0;
        for (int i = 0; !c.fieldNames().get(i).equals("size"); i++) {
            at += ObjectLayout.width(c.fields().get(i), idSize);
        }
        return java.nio.ByteBuffer.wrap(requireNonNull(stackChunks.get(chunk.address())))
                .getInt(at);
    }

    LayoutEvidence evidence() {
        Map<Long, Integer> indexes = indexes();
        LayoutEvidence evidence = new LayoutEvidence();
        for (Obj o : objects) {
            if (o.kind() == 0) {
                Integer c = indexes.get(o.key());
                if (c == null) {
                    evidence.object(o.address());
                } else {
                    evidence.instance(c, o.address());
                }
            } else if (o.kind() == 2) {
                evidence.objectArray(o.address(), o.size());
            } else {
                evidence.primitiveArray(o.kind(), o.address(), o.size());
            }
        }
        classes.keySet().forEach(evidence::object);
        return evidence;
    }

    long[] sortedAddresses() {
        long[] all = new long[objects.size() + classes.size()];
        int n = 0;
        for (Obj o : objects) {
            all[n++] = o.address();
        }
        for (long id : classes.keySet()) {
            all[n++] = id;
        }
        java.util.Arrays.sort(all);
        return all;
    }

    static LongUnaryOperator next(long[] sorted) {
        return address -> {
            int i = java.util.Arrays.binarySearch(sorted, address + 1);
            i = i < 0 ? -i - 1 : i;
            return i < sorted.length ? sorted[i] : -1;
        };
    }
}

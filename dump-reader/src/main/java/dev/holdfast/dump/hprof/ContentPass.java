package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ContentDigest;
import dev.holdfast.dump.ContentRequest;
import dev.holdfast.dump.ContentSink;
import java.io.IOException;

/** Hands numbers and digests of the objects of a chunk to a sink; used by one thread. */
final class ContentPass implements HeapRecordHandler {
    /** A multiple of eight, see {@link ContentDigest#add}. */
    private static final int PIECE = 1 << 16;

    /** In place of a digest, which is never 0. */
    private static final long ABSENT = 0;

    private final ClassTable classes;
    private final Plan plan;
    private final int idBytes;
    private final RecordInput input;
    private final ContentSink sink;

    /** Types of the records of a block, and the places in it of those that were asked for, with what was found in each. */
    private int[] types = new int[0];

    private int[] wanted = new int[0];
    private long[] first = new long[0];
    private long[] second = new long[0];

    /**
     * A pass over one chunk.
     *
     * @param input what the records are read from
     */
    ContentPass(ClassTable classes, Plan plan, RecordInput input, ContentSink sink) {
        this.classes = classes;
        this.plan = plan;
        this.idBytes = input.idBytes();
        this.input = input;
        this.sink = sink;
    }

    /** Where the fields are that were asked for, by type; immutable. */
    static final class Plan {
        private static final byte NUMBERS = 1;
        private static final byte ARRAY = 2;

        private final byte[] wanted;
        private final Fields first;
        private final Fields second;

        Plan(ClassTable classes, ContentRequest request, int idBytes) {
            int types = classes.types().size();
            wanted = new byte[types];
            first = new Fields(types, idBytes);
            second = new Fields(types, idBytes);
            request.numbers().forEach((type, names) -> {
                wanted[type] = NUMBERS;
                first.set(type, names.isEmpty() ? -1 : classes.place(type, names.get(0)));
                second.set(type, names.size() < 2 ? -1 : classes.place(type, names.get(1)));
            });
            for (int type : request.arrays()) {
                wanted[type] = ARRAY;
            }
        }
    }

    /** One field a type. */
    private static final class Fields {
        private final int idBytes;
        private final int head;

        /** Where the field ends, counted from the first of an instance's values; 0 if the type has no such field. */
        private final int[] end;

        /** Bits of eight bytes that do not belong to the field. */
        private final byte[] shift;

        private final boolean[] unsigned;

        Fields(int types, int idBytes) {
            this.idBytes = idBytes;
            this.head = instanceHead(idBytes);
            end = new int[types];
            shift = new byte[types];
            unsigned = new boolean[types];
        }

        /** As {@link ClassTable#place} says it. */
        void set(int type, long place) {
            if (place >= 0) {
                int code = (byte) place;
                int bytes = BasicType.bytes(code, idBytes);
                end[type] = (int) (place >> 8) + bytes;
                shift[type] = (byte) (Long.SIZE - Byte.SIZE * bytes);
                unsigned[type] = code == BasicType.CHAR || BasicType.isReference(code);
            }
        }

        /**
         * The value, see {@link RecordInput#value}; 0 if there is none. The eight bytes that end where the field ends are never
         * before the record, which begins with more than that: so every kind of field is read in the same way.
         *
         * @param bytes how many bytes of values the record has
         * @param in stands at the record, whose bytes are there
         */
        long value(int type, long bytes, RecordInput in) {
            int at = end[type];
            if (at == 0 || at > bytes) {
                return 0;
            }
            long value = in.i8Ahead(head + at - Long.BYTES) << shift[type];
            return unsigned[type] ? value >>> shift[type] : value >> shift[type];
        }
    }

    /** Bytes of an instance's record before its values. */
    private static int instanceHead(int idBytes) {
        return 9 + 2 * idBytes;
    }

    @Override
    public void root(int tag, long address, int threadSerial, int detail) {}

    @Override
    public void classDump(long address, long offset, RecordInput in) {}

    /** In several small loops, see {@link RecordBlock}. */
    @Override
    public void block(RecordBlock block, RecordInput in) throws IOException {
        if (types.length < block.size()) {
            types = new int[block.size()];
            wanted = new int[block.size()];
            first = new long[block.size()];
            second = new long[block.size()];
        }
        findTypes(block);
        int count = pick(block.size());
        // Numbers first: a long array at the end of the block may move the buffer on.
        readNumbers(block, count, in);
        readArrays(block, count, in);
        pass(block, count);
    }

    private void findTypes(RecordBlock block) {
        for (int i = 0; i < block.size(); i++) {
            types[i] = block.isOfClass(i) ? classes.typeOf(block.classId(i)) : classes.primitiveType(block.kind(i));
        }
    }

    private int pick(int records) {
        int count = 0;
        for (int i = 0; i < records; i++) {
            wanted[count] = i;
            count += plan.wanted[types[i]] != 0 ? 1 : 0;
        }
        return count;
    }

    private void readNumbers(RecordBlock block, int count, RecordInput in) {
        for (int i = 0; i < count; i++) {
            int record = wanted[i];
            int type = types[record];
            if (plan.wanted[type] == Plan.NUMBERS) {
                in.seek(block.offset(record));
                first[i] = plan.first.value(type, block.count(record), in);
                second[i] = plan.second.value(type, block.count(record), in);
            }
        }
    }

    private void readArrays(RecordBlock block, int count, RecordInput in) throws IOException {
        for (int i = 0; i < count; i++) {
            int record = wanted[i];
            if (plan.wanted[types[record]] == Plan.ARRAY) {
                in.seek(block.offset(record) + 10 + idBytes);
                first[i] = digest(block.count(record) * BasicType.bytes(block.kind(record), idBytes), in);
            }
        }
    }

    private void pass(RecordBlock block, int count) {
        for (int i = 0; i < count; i++) {
            int record = wanted[i];
            int type = types[record];
            if (plan.wanted[type] == Plan.NUMBERS) {
                sink.numbers(block.address(record), type, first[i], second[i]);
            } else if (first[i] != ABSENT) {
                sink.array(block.address(record), type, first[i]);
            }
        }
    }

    /** Of so many bytes from here on; {@link #ABSENT} if the file ends before. */
    private long digest(long bytes, RecordInput in) throws IOException {
        long state = ContentDigest.START;
        for (long left = bytes; left > 0; ) {
            int piece = (int) Math.min(left, PIECE);
            if (!in.require(piece)) {
                return ABSENT;
            }
            state = ContentDigest.add(state, in.buffer(), in.index(), piece);
            in.skipGranted(piece);
            left -= piece;
        }
        return ContentDigest.end(state, bytes);
    }

    @Override
    public void instance(long address, long offset, long classId, long bytes, RecordInput in) throws IOException {
        int type = classes.typeOf(classId);
        if (address != 0 && plan.wanted[type] == Plan.NUMBERS) {
            int head = instanceHead(idBytes);
            in.seek(offset);
            in.require(head + (int) Math.min(bytes, classes.shape(type).bytes()));
            long readable = Math.min(bytes, in.buffered() - head);
            sink.numbers(address, type, plan.first.value(type, readable, in), plan.second.value(type, readable, in));
        }
    }

    @Override
    public void objectArray(long address, long offset, long classId, long count, RecordInput in) {}

    @Override
    public void primitiveArray(long address, long offset, int elementType, long count) throws IOException {
        int type = classes.primitiveType(elementType);
        if (address == 0 || plan.wanted[type] == 0) {
            return;
        }
        input.seek(offset);
        if (input.require(1) && input.u1() == Tag.PRIMITIVE_ARRAY_DUMP) {
            input.seek(offset + 10 + idBytes);
            long digest = digest(count * BasicType.bytes(elementType, idBytes), input);
            if (digest != ABSENT) {
                sink.array(address, type, digest);
            }
        }
    }
}

package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ContentDigest;
import dev.holdfast.dump.ContentRequest;
import dev.holdfast.dump.ContentSink;
import java.io.IOException;

/** Hands numbers and digests of the objects of a chunk to a sink; used by one thread. */
final class ContentPass implements HeapRecordHandler {
    /** A multiple of eight, see {@link ContentDigest#add}. */
    private static final int PIECE = 1 << 16;

    private final ClassTable classes;
    private final Plan plan;
    private final int idBytes;
    private final RecordInput input;
    private final ContentSink sink;
    private int[] types = new int[0];

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
        private final int[] first;
        private final byte[] firstCode;
        private final int[] second;
        private final byte[] secondCode;

        Plan(ClassTable classes, ContentRequest request) {
            int types = classes.types().size();
            wanted = new byte[types];
            first = new int[types];
            firstCode = new byte[types];
            second = new int[types];
            secondCode = new byte[types];
            request.numbers().forEach((type, names) -> {
                wanted[type] = NUMBERS;
                long one = names.isEmpty() ? -1 : classes.place(type, names.get(0));
                long two = names.size() < 2 ? -1 : classes.place(type, names.get(1));
                first[type] = (int) (one >> 8);
                firstCode[type] = (byte) one;
                second[type] = (int) (two >> 8);
                secondCode[type] = (byte) two;
            });
            for (int type : request.arrays()) {
                wanted[type] = ARRAY;
            }
        }
    }

    @Override
    public void root(int tag, long address, int threadSerial, int detail) {}

    @Override
    public void classDump(long address, long offset, RecordInput in) {}

    @Override
    public void block(RecordBlock block, RecordInput in) throws IOException {
        if (types.length < block.size()) {
            types = new int[block.size()];
        }
        // A loop of its own, as the processor then overlaps look-ups.
        for (int i = 0; i < block.size(); i++) {
            int kind = block.kind(i);
            types[i] = kind == RecordBlock.INSTANCE
                    ? classes.typeOf(block.classId(i))
                    : kind == BasicType.OBJECT ? 0 : classes.primitiveType(kind);
        }
        for (int i = 0; i < block.size(); i++) {
            if (plan.wanted[types[i]] != 0) {
                take(block, i, in);
            }
        }
    }

    private void take(RecordBlock block, int i, RecordInput in) throws IOException {
        int type = types[i];
        if (block.kind(i) != RecordBlock.INSTANCE) {
            in.seek(block.offset(i) + 10 + idBytes);
            elements(block.address(i), type, block.kind(i), block.count(i), in);
        } else if (plan.wanted[type] == Plan.NUMBERS) {
            in.seek(block.body(i, in));
            numbers(block.address(i), type, block.count(i), in);
        }
    }

    private void numbers(long address, int type, long bytes, RecordInput in) {
        long start = in.position();
        long one = value(plan.first[type], plan.firstCode[type], start, bytes, in);
        long two = value(plan.second[type], plan.secondCode[type], start, bytes, in);
        sink.numbers(address, type, one, two);
    }

    private long value(int at, int code, long start, long bytes, RecordInput in) {
        if (at < 0 || at + BasicType.bytes(code, idBytes) > bytes) {
            return 0;
        }
        in.seek(start + at);
        return in.value(code);
    }

    private void elements(long address, int type, int code, long count, RecordInput in) throws IOException {
        long bytes = count * BasicType.bytes(code, idBytes);
        long state = ContentDigest.START;
        for (long left = bytes; left > 0; ) {
            int piece = (int) Math.min(left, PIECE);
            if (!in.require(piece)) {
                return;
            }
            state = ContentDigest.add(state, in.buffer(), in.index(), piece);
            in.skipGranted(piece);
            left -= piece;
        }
        sink.array(address, type, ContentDigest.end(state, bytes));
    }

    @Override
    public void instance(long address, long offset, long classId, long bytes, RecordInput in) throws IOException {
        int type = classes.typeOf(classId);
        if (address != 0 && plan.wanted[type] == Plan.NUMBERS) {
            in.require((int) Math.min(bytes, classes.shape(type).bytes()));
            numbers(address, type, Math.min(bytes, in.buffered()), in);
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
            elements(address, type, elementType, count, input);
        }
    }
}

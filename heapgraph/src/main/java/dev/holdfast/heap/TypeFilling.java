package dev.holdfast.heap;

import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.ReferenceSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts types into their column that were found while the references were read, and gives the references of rows of values
 * the slots they have within a value. Used once.
 */
final class TypeFilling {
    /** Objects at a time. */
    private static final int BLOCK = 1 << 12;

    private final FoundTypes found;
    private final IntColumn typeOf;
    private final EdgeList edges;

    TypeFilling(FoundTypes found, IntColumn typeOf, EdgeList edges) {
        this.found = found;
        this.typeOf = typeOf;
        this.edges = edges;
    }

    /** For objects 0 to {@code objects - 1}, each thread a part of them. */
    void fill(int objects, int threads) {
        List<Runnable> parts = new ArrayList<>();
        int most = objects / threads + 1;
        for (int from = 0; from < objects; from += Math.min(objects - from, most)) {
            int first = from;
            int end = from + Math.min(objects - from, most);
            parts.add(() -> part(first, end));
        }
        if (!parts.isEmpty()) {
            Workers.run(threads, parts);
        }
    }

    private void part(int from, int end) {
        int[] types = new int[BLOCK];
        for (int first = from; first < end; ) {
            int count = Math.min(BLOCK, end - first);
            found.of(first, types, count);
            block(first, types, count);
            first += count;
        }
    }

    private void block(int first, int[] types, int count) {
        for (int i = 0; i < count; i++) {
            int type = types[i];
            typeOf.set(first + i, type);
            int period = found.period(type);
            if (period > 0) {
                slots(first + i, period);
            }
        }
    }

    private void slots(int object, int period) {
        long first = edges.first(object);
        long end = edges.end(object);
        for (long edge = first; edge < end; edge++) {
            int slot = edges.slot(edge);
            if (slot == ReferenceSink.UNNAMED_SLOT) {
                found.references(object, new Slots(edges.slots(), first, end));
                return;
            }
            if (slot >= period) {
                edges.slots().set(edge, (byte) (slot % period));
            }
        }
    }

    /** Puts the slots of one object's references into the column. */
    private static final class Slots implements ReferenceSink {
        private final ByteColumn column;
        private final long end;
        private long edge;

        Slots(ByteColumn column, long first, long end) {
            this.column = column;
            this.edge = first;
            this.end = end;
        }

        @Override
        public void object(long address, int type, int elements) {}

        @Override
        public void reference(long target, int slot) {
            if (edge < end) {
                column.set(edge++, (byte) slot);
            }
        }
    }
}

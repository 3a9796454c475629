package dev.holdfast.dump.gotypes;

import java.util.ArrayList;
import java.util.List;

/** Objects that one level of the propagation has to follow, in chunks that go as they are done; 8 bytes an object. */
final class Frontier {
    /** Objects in a chunk. */
    static final int CHUNK = 4096;

    private List<Chunk> chunks = new ArrayList<>();
    private Chunk last = new Chunk();
    private long size;

    /** Slots of objects and what was claimed of each when the level began. */
    static final class Chunk {
        final int[] slots = new int[CHUNK];
        final int[] claims = new int[CHUNK];
        int size;
    }

    Frontier() {
        chunks.add(last);
    }

    void add(int slot) {
        if (last.size == CHUNK) {
            last = new Chunk();
            chunks.add(last);
        }
        last.slots[last.size++] = slot;
        size++;
    }

    long size() {
        return size;
    }

    int chunks() {
        return chunks.size();
    }

    Chunk chunk(int i) {
        return chunks.get(i);
    }

    /** Takes over the other's chunks and leaves it empty; a long list is followed in levels of one object. */
    void takeAll(Frontier other) {
        if (other.size == 0) {
            return;
        }
        if (size == 0) {
            List<Chunk> empty = chunks;
            Chunk emptyLast = last;
            chunks = other.chunks;
            last = other.last;
            size = other.size;
            other.chunks = empty;
            other.last = emptyLast;
            other.size = 0;
            return;
        }
        chunks.addAll(other.chunks);
        size += other.size;
        last = chunks.get(chunks.size() - 1);
        other.chunks = new ArrayList<>();
        other.last = new Chunk();
        other.chunks.add(other.last);
        other.size = 0;
    }

    void clear() {
        Chunk first = chunks.get(0);
        first.size = 0;
        chunks.clear();
        chunks.add(first);
        last = first;
        size = 0;
    }
}

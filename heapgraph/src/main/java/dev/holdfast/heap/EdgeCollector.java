package dev.holdfast.heap;

import java.util.ArrayList;
import java.util.List;

/**
 * The edges that one worker met, in the order in which it met them.
 *
 * <p>Sources are kept as runs of consecutive numbers, because objects come in address order almost everywhere, and
 * degrees as bytes: about 1 byte an object and 5 bytes an edge. Used by one thread; its chunks must ascend.
 */
final class EdgeCollector {
    private static final int MANY = 255;

    final IntSpool targets;
    final ByteSpool slots;
    private final IntSpool runs;
    private final ByteSpool degrees;
    private final IntSpool bigDegrees;
    private final List<Chunk> chunks = new ArrayList<>();
    private int chunk = -1;
    private int runStart;
    private int runLength;
    private int degree;
    private long runCount;
    private long runsBefore;

    EdgeCollector(ColumnStore store) {
        targets = new IntSpool(store);
        slots = new ByteSpool(store);
        runs = new IntSpool(store);
        degrees = new ByteSpool(store);
        bigDegrees = new IntSpool(store);
    }

    /** A chunk's share of the runs. */
    record Chunk(int number, long runs) {}

    /** A chunk begins; its number is above all before it. */
    void chunk(int number) {
        if (number <= chunk) {
            throw new IllegalArgumentException("chunk " + number + " after " + chunk);
        }
        endChunk();
        chunk = number;
    }

    /** The last chunk that was begun, or -1. */
    int lastChunk() {
        return chunk;
    }

    /** A node's edges begin. */
    void begin(int source) {
        if (runLength > 0) {
            endNode();
            if (source != runStart + runLength) {
                endRun();
            }
        }
        if (runLength == 0) {
            runStart = source;
        }
        runLength++;
        degree = 0;
    }

    /** An edge of the node last begun. */
    void edge(int target, int slot) {
        targets.add(target);
        slots.add((byte) slot);
        degree++;
    }

    /** The node last begun has so many more edges, which {@link #edges} adds before those of others or did already. */
    void more(int edges) {
        degree += edges;
    }

    /** The first edges of arrays, whose sources {@link #begin} and {@link #more} name. */
    void edges(int[] edgeTargets, byte[] edgeSlots, int count) {
        targets.add(edgeTargets, 0, count);
        slots.add(edgeSlots, 0, count);
    }

    /** The chunks; nothing may be added after this. */
    List<Chunk> chunks() {
        endChunk();
        return chunks;
    }

    /** Reads sources and degrees in order. */
    Sources sources(boolean consume) {
        return new Sources(consume);
    }

    private void endNode() {
        if (degree < MANY) {
            degrees.add((byte) degree);
        } else {
            degrees.add((byte) MANY);
            bigDegrees.add(degree);
        }
    }

    private void endRun() {
        runs.add(runStart);
        runs.add(runLength);
        runCount++;
        runLength = 0;
    }

    private void endChunk() {
        if (runLength > 0) {
            endNode();
            endRun();
        }
        if (runCount > runsBefore) {
            chunks.add(new Chunk(chunk, runCount - runsBefore));
            runsBefore = runCount;
        }
    }

    /** Reads the runs, and of each the degrees of its nodes. */
    final class Sources {
        private final IntSpool.Reader runReader;
        private final ByteSpool.Reader degreeReader;
        private final IntSpool.Reader bigReader;
        private int start;
        private int length;

        private Sources(boolean consume) {
            runReader = runs.read(consume);
            degreeReader = degrees.read(consume);
            bigReader = bigDegrees.read(consume);
        }

        /** Moves to the next run; there must be one. */
        void nextRun() {
            start = runReader.next();
            length = runReader.next();
        }

        /** First node of the run. */
        int start() {
            return start;
        }

        /** How many consecutive nodes the run has. */
        int length() {
            return length;
        }

        /** Degree of the run's next node. */
        int nextDegree() {
            int degree = degreeReader.next() & 0xff;
            return degree < MANY ? degree : bigReader.next();
        }

        /** Writes the degrees of the run's nodes, none of which was asked for yet, to a column. */
        void degreesTo(UnsignedColumn degrees, byte[] block) {
            for (int done = 0; done < length; ) {
                int step = Math.min(length - done, block.length);
                degreeReader.next(block, step);
                small(block, step, degrees, start + (long) done);
                done += step;
            }
        }

        private void small(byte[] block, int count, UnsignedColumn degrees, long at) {
            int most = 0;
            for (int i = 0; i < count; i++) {
                int degree = block[i] & 0xff;
                degrees.set(at + i, degree);
                most = Math.max(most, degree);
            }
            if (most == MANY) {
                big(block, count, degrees, at);
            }
        }

        private void big(byte[] block, int count, UnsignedColumn degrees, long at) {
            for (int i = 0; i < count; i++) {
                if ((block[i] & 0xff) == MANY) {
                    degrees.set(at + i, bigReader.next());
                }
            }
        }

        /** Gives the memory back if consuming. */
        void finish() {
            runReader.finish();
            degreeReader.finish();
            bigReader.finish();
        }
    }
}

package dev.holdfast.heap;

/**
 * Of each number the sources of the back and cross edges to it.
 *
 * <p>Memory: 4 bytes a number and 4 an edge, beside the 4 to 8 an edge of the list it is made from.
 *
 * @param starts first source of each number; {@code starts[w + 1]} is the end of number w
 * @param sources their numbers
 */
record Predecessors(UnsignedColumn starts, IntColumn sources) {
    /** Numbers copied out of the spool at a time, so that the loops over them contain no calls. */
    private static final int BLOCK = 1 << 13;

    /** Sorts the edges of a search by target (counting sort) and gives the memory of their list back; sources go aside. */
    static Predecessors of(DepthFirstSearch search, ColumnStore store, ColumnStore aside) {
        IntSpool edges = search.later();
        UnsignedColumn starts = UnsignedColumn.of(store, search.count() + 2L, search.laterEdges());
        int[] block = new int[BLOCK];
        IntSpool.Reader reader = edges.read(false);
        for (int length = reader.next(block); length > 0; length = reader.next(block)) {
            count(block, length, starts);
        }
        sum(starts, search.count() + 2L);
        IntColumn sources = aside.ints(search.laterEdges());
        IntSpool.BackwardReader back = edges.readBackward();
        int source = 0;
        for (int length = back.previous(block); length > 0; length = back.previous(block)) {
            source = fill(block, length, source, starts, sources);
        }
        return new Predecessors(starts, sources);
    }

    private static void count(int[] edges, int length, UnsignedColumn starts) {
        for (int i = 0; i < length; i++) {
            if (edges[i] > 0) {
                starts.add(edges[i], 1);
            }
        }
    }

    private static void sum(UnsignedColumn starts, long size) {
        long sum = 0;
        for (long w = 0; w < size; w++) {
            sum += starts.get(w);
            starts.set(w, sum);
        }
    }

    /**
     * Fills each list from its end, so that its end becomes its start. The edges are taken last to first, as a source stands
     * after its targets; returns the source of what comes before.
     */
    private static int fill(int[] edges, int length, int lastSource, UnsignedColumn starts, IntColumn sources) {
        int source = lastSource;
        for (int i = length - 1; i >= 0; i--) {
            int target = edges[i];
            if (target < 0) {
                source = -target;
                continue;
            }
            long at = starts.get(target) - 1;
            starts.set(target, at);
            sources.set(at, source);
        }
        return source;
    }

    /** Gives the columns back. */
    void release(ColumnStore store, ColumnStore aside) {
        store.release(starts);
        aside.release(sources);
    }
}

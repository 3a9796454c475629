package dev.holdfast.heap;

/**
 * Of each number the sources of the back and cross edges to it.
 *
 * <p>Memory: 4 bytes a node and 4 an edge, beside the 8 an edge of the pairs it is made from.
 *
 * @param starts first source of each number; {@code starts[w + 1]} is the end of number w
 * @param sources their numbers
 */
record Predecessors(UnsignedColumn starts, IntColumn sources) {
    /** Numbers copied out of the spool at a time, so that the loops over them contain no calls. */
    private static final int BLOCK = 1 << 13;

    /** Sorts the pairs by target (counting sort) and gives their memory back. */
    static Predecessors of(DepthFirstSearch search, ColumnStore store, int nodes) {
        IntSpool pairs = search.later();
        UnsignedColumn starts = UnsignedColumn.of(store, DepthFirstSearch.columnSize(nodes), pairs.size() / 2);
        int[] block = new int[(int) Math.min(BLOCK, pairs.size())];
        IntSpool.Reader reader = pairs.read(false);
        for (int length = reader.next(block); length > 0; length = reader.next(block)) {
            count(block, length, starts);
        }
        sum(starts, search.count() + 2L);
        IntColumn sources = store.ints(pairs.size() / 2);
        reader = pairs.read(true);
        for (int length = reader.next(block); length > 0; length = reader.next(block)) {
            fill(block, length, starts, sources);
        }
        reader.finish();
        return new Predecessors(starts, sources);
    }

    private static void count(int[] pairs, int length, UnsignedColumn starts) {
        for (int i = 0; i < length; i += 2) {
            starts.add(pairs[i], 1);
        }
    }

    private static void sum(UnsignedColumn starts, long size) {
        long sum = 0;
        for (long w = 0; w < size; w++) {
            sum += starts.get(w);
            starts.set(w, sum);
        }
    }

    /** Fills each list from its end, so that its end becomes its start. */
    private static void fill(int[] pairs, int length, UnsignedColumn starts, IntColumn sources) {
        for (int i = 0; i < length; i += 2) {
            long at = starts.get(pairs[i]) - 1;
            starts.set(pairs[i], at);
            sources.set(at, pairs[i + 1]);
        }
    }

    /** Gives the columns back. */
    void release(ColumnStore store) {
        store.release(starts);
        store.release(sources);
    }
}

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
    /** Sorts the pairs by target (counting sort) and gives their memory back. */
    static Predecessors of(DepthFirstSearch search, ColumnStore store, int nodes) {
        IntSpool pairs = search.later();
        long count = pairs.size() / 2;
        UnsignedColumn starts = UnsignedColumn.of(store, nodes + 2L, count);
        IntSpool.Reader reader = pairs.read(false);
        for (long i = 0; i < count; i++) {
            starts.add(reader.next(), 1);
            reader.skip(1);
        }
        long sum = 0;
        for (int w = 0; w <= search.count() + 1; w++) {
            sum += starts.get(w);
            starts.set(w, sum);
        }
        // Filled from the end of each list, so that its end becomes its start.
        IntColumn sources = store.ints(count);
        reader = pairs.read(true);
        for (long i = 0; i < count; i++) {
            int w = reader.next();
            long at = starts.get(w) - 1;
            starts.set(w, at);
            sources.set(at, reader.next());
        }
        reader.finish();
        return new Predecessors(starts, sources);
    }

    /** Gives the columns back. */
    void release(ColumnStore store) {
        store.release(starts);
        store.release(sources);
    }
}

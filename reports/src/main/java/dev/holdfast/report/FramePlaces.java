package dev.holdfast.report;

/**
 * Numbers the places at which objects stand: a frame of {@code roots.pb.gz} with a type, of which a frame may have several.
 *
 * <p>An object's place follows from its dominator's and from its {@link DominatorLinks} code, with few exceptions. So it is
 * worked out once for each such pair, and then looked up: nothing else need be asked for most objects. Not thread-safe. 17
 * to 23 bytes a place, and 200 KB.
 */
final class FramePlaces {
    /** No place; objects that are not reachable have none. */
    static final int NOWHERE = 0;

    /** In place of a type: a holder. */
    static final int HOLDER = -1;

    /** A power of two; 192 KB, which processors keep near each core. */
    private static final int LATELY = 1 << 14;

    private final TripleIndex places = new TripleIndex();

    /** Pairs of place and code asked for lately, and where they lead. */
    private final long[] pairs = new long[LATELY];

    private final int[] leadTo = new int[LATELY];

    /** The place of a type at a frame. */
    int number(int frame, int type) {
        return places.findOrAdd(frame, type, 0) + 1;
    }

    int frame(int place) {
        return places.first(place - 1);
    }

    /** The type, or {@link #HOLDER}. */
    int type(int place) {
        return places.second(place - 1);
    }

    /** Numbers of places are below. */
    int end() {
        return places.size() + 1;
    }

    /** Where a code leads from a place, or {@link #NOWHERE} if that is not remembered. */
    int below(int place, int code) {
        long pair = pair(place, code);
        int at = slot(pair);
        return pairs[at] == pair ? leadTo[at] : NOWHERE;
    }

    /** Remembers for a while where a code leads from a place. */
    void remember(int place, int code, int below) {
        long pair = pair(place, code);
        int at = slot(pair);
        pairs[at] = pair;
        leadTo[at] = below;
    }

    private static long pair(int place, int code) {
        return (long) place << 32 | code & 0xffff_ffffL;
    }

    private static int slot(long pair) {
        return (int) (pair * 0x9E3779B97F4A7C15L >>> 40) & LATELY - 1;
    }
}

package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.io.LongLongMap;

/** Objects of which the dump says what they are, and those that are goroutines; immutable once filled. */
final class KnownObjects {
    private final SlotRuns runs;
    private final LongLongMap types = new LongLongMap();
    private final LongLongMap goroutines = new LongLongMap();

    KnownObjects(FirstPass known) {
        this.runs = known.runs();
        Types named = known.types();
        for (Goroutines.Goroutine goroutine : known.goroutines().all()) {
            long object = objectAt(goroutine.record().address());
            if (object != 0 && object == goroutine.record().address()) {
                goroutines.put(object, 0);
                types.put(object, named.named("runtime.g"));
            }
        }
        for (int i = 0; i < known.threads().size(); i++) {
            long object = objectAt(known.threads().get(i));
            if (object != 0 && object == known.threads().get(i)) {
                types.put(object, named.named("runtime.m"));
            }
        }
    }

    /** The object that has an address in its slot, which may be free, or 0. */
    long objectAt(long address) {
        int run = runs.find(address);
        return run < 0 ? 0 : runs.object(run, address);
    }

    /** The type of an object, or 0 if the dump does not say. */
    int type(long object) {
        return (int) types.get(object, 0);
    }

    boolean isGoroutine(long object) {
        return goroutines.get(object, -1) == 0;
    }
}

package planted.heap;

import planted.dump.ReaderThatKnowsTheGraph;

/** Stands for the handle; with {@link ReaderThatKnowsTheGraph} it closes a cycle. */
public final class HeapObject {
    /** The right direction. */
    public ReaderThatKnowsTheGraph reader() {
        return new ReaderThatKnowsTheGraph();
    }
}

package planted.dump;

import planted.heap.HeapObject;

/** Against the direction of the modules; with {@link HeapObject} it closes a cycle. */
public final class ReaderThatKnowsTheGraph {
    /** Looks right. */
    public HeapObject first() {
        return new HeapObject();
    }
}

package dev.holdfast.heap;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/** A stack of {@code int} values in pieces of the store; used by one thread. Memory: 4 bytes a value at its deepest. */
final class IntStack {
    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = 1 << 16;

    private final ColumnStore store;
    private final List<IntBuffer> pieces = new ArrayList<>();
    private IntBuffer top = IntBuffer.allocate(0);
    private int piece = -1;
    private int used;
    private int capacity;

    IntStack(ColumnStore store) {
        this.store = store;
    }

    void push(int value) {
        if (used == capacity) {
            piece++;
            if (piece == pieces.size()) {
                pieces.add(store.intPiece(piece == 0 ? SMALLEST : LARGEST));
            }
            turn(0);
        }
        top.put(used++, value);
    }

    /** The value pushed last; the stack must not be empty. */
    int pop() {
        if (used == 0) {
            piece--;
            turn(pieces.get(piece).capacity());
        }
        return top.get(--used);
    }

    boolean isEmpty() {
        return used == 0 && piece <= 0;
    }

    /** Gives the memory back; the stack is empty then. */
    void release() {
        pieces.forEach(store::recycle);
        pieces.clear();
        top = IntBuffer.allocate(0);
        piece = -1;
        used = 0;
        capacity = 0;
    }

    private void turn(int usedOfIt) {
        top = pieces.get(piece);
        capacity = top.capacity();
        used = usedOfIt;
    }
}

package dev.holdfast.heap;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for the roots of a file that ends before them: classes of the boot loader, every thread, and for what these
 * do not reach one representative of each source component (DESIGN 4). An estimate, and marked as one.
 *
 * <p>The components need not be computed. Walk from every unvisited object in ascending order and note where walks
 * began: a component that nothing else reaches is entered by a walk that begins in it, at its lowest number. Take the
 * beginnings backwards on a fresh sheet: one that a later walk reaches was begun too early, the others are the
 * representatives. Memory: 1 byte a node, the beginnings and a stack.
 */
final class LostRoots {
    private static final int PROGRESS_STEP = 1 << 20;
    private static final byte HELD = 1;
    private static final byte FIRST_SHEET = 2;
    private static final byte SECOND_SHEET = 3;

    private final ObjectGraph graph;
    private final RootNodes.Builder roots;
    private final ByteColumn seen;
    private final IntStack stack;
    private final Progress progress;
    private int steps;

    private LostRoots(ObjectGraph graph, RootNodes.Builder roots, ColumnStore store, Progress progress) {
        this.graph = graph;
        this.roots = roots;
        this.seen = store.bytes(graph.nodeCount());
        this.stack = new IntStack(store);
        this.progress = progress;
    }

    static void add(ObjectGraph graph, RootNodes.Builder roots, ColumnStore store, Progress progress) {
        LostRoots lost = new LostRoots(graph, roots, store, progress);
        RootNodes known = roots.build();
        for (int i = 0; i < known.count(); i++) {
            lost.walk(known.node(i), HELD);
        }
        lost.addClassesAndThreads();
        lost.addSourceComponents();
        store.release(lost.seen);
        lost.stack.release();
    }

    private void addClassesAndThreads() {
        List<DumpType> types = graph.types();
        for (DumpType type : types) {
            if (type.hasClassObject() && type.loaderAddress() == 0) {
                addRoot(graph.classObjectOf(type.index()), HELD);
            }
        }
        boolean[] thread = new boolean[types.size()];
        for (DumpType type : types) {
            thread[type.index()] = isThread(types, type);
        }
        for (int object = 0; object < graph.objectCount(); object++) {
            if (thread[graph.typeOf(object)]) {
                addRoot(object, HELD);
            }
        }
    }

    private static boolean isThread(List<DumpType> types, DumpType type) {
        DumpType at = type;
        for (int depth = 0; depth < 100; depth++) {
            if (at.name().equals("java.lang.Thread")) {
                return true;
            }
            if (at.superType() < 0) {
                return false;
            }
            at = types.get(at.superType());
        }
        return false;
    }

    private void addRoot(int node, byte sheet) {
        if (node >= 0) {
            roots.add(node, RootKind.LOST);
            walk(node, sheet);
        }
    }

    private void addSourceComponents() {
        int[] beginnings = new int[16];
        int count = 0;
        for (int object = 0; object < graph.objectCount(); object++) {
            if (seen.get(object) == 0) {
                if (count == beginnings.length) {
                    beginnings = Arrays.copyOf(beginnings, count * 2);
                }
                beginnings[count++] = object;
                walk(object, FIRST_SHEET);
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            if (seen.get(beginnings[i]) == FIRST_SHEET) {
                addRoot(beginnings[i], SECOND_SHEET);
            }
        }
    }

    /** Marks on a sheet all that the node reaches and that is on no later sheet nor held. */
    private void walk(int from, byte sheet) {
        visit(from, sheet);
        while (!stack.isEmpty()) {
            int node = stack.pop();
            if (!graph.isHolder(node)) {
                visit(graph.classObject(node), sheet);
            }
            for (long e = graph.firstReference(node); e < graph.endReference(node); e++) {
                visit(graph.target(e), sheet);
            }
            if ((++steps & (PROGRESS_STEP - 1)) == 0) {
                progress.check();
            }
        }
    }

    private void visit(int node, byte sheet) {
        if (node < 0) {
            return;
        }
        byte before = seen.get(node);
        if (before < sheet && before != HELD) {
            seen.set(node, sheet);
            stack.push(node);
        }
    }
}

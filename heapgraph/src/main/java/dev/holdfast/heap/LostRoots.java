package dev.holdfast.heap;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import java.util.List;

/**
 * Stands in for the roots of a file that ends before them: classes of the boot loader, every thread, and for what these
 * do not reach one representative of each source component (DESIGN 4). An estimate, and marked as one.
 */
final class LostRoots {
    private static final int PROGRESS_STEP = 1 << 20;

    private final ObjectGraph graph;
    private final RootNodes.Builder roots;
    private final ByteColumn seen;
    private final IntStack stack;
    private final Progress progress;

    private LostRoots(ObjectGraph graph, RootNodes.Builder roots, ColumnStore store, Progress progress) {
        this.graph = graph;
        this.roots = roots;
        this.seen = store.bytes(graph.nodeCount());
        this.stack = new IntStack(store);
        this.progress = progress;
    }

    static void add(ObjectGraph graph, RootNodes.Builder roots, ColumnStore store, Progress progress) {
        LostRoots lost = new LostRoots(graph, roots, store, progress);
        lost.reachFrom(roots.build());
        lost.addClassesAndThreads();
        lost.addSourceComponents(store);
        store.release(lost.seen);
        lost.stack.release();
    }

    private void reachFrom(RootNodes known) {
        for (int i = 0; i < known.count(); i++) {
            mark(known.node(i));
        }
    }

    private void addClassesAndThreads() {
        List<DumpType> types = graph.types();
        for (DumpType type : types) {
            if (type.hasClassObject() && type.loaderAddress() == 0) {
                addRoot(graph.classObjectOf(type.index()));
            }
        }
        boolean[] thread = new boolean[types.size()];
        for (DumpType type : types) {
            thread[type.index()] = isThread(types, type);
        }
        for (int object = 0; object < graph.objectCount(); object++) {
            if (thread[graph.typeOf(object)]) {
                addRoot(object);
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

    private void addRoot(int node) {
        if (node >= 0) {
            roots.add(node, RootKind.LOST);
            mark(node);
        }
    }

    /** Marks all that the node reaches. */
    private void mark(int from) {
        if (seen.get(from) != 0) {
            return;
        }
        seen.set(from, (byte) 1);
        stack.push(from);
        while (!stack.isEmpty()) {
            int node = stack.pop();
            if (!graph.isHolder(node)) {
                visit(graph.classObject(node));
            }
            for (long e = graph.firstReference(node); e < graph.endReference(node); e++) {
                visit(graph.target(e));
            }
        }
    }

    private void visit(int node) {
        if (node >= 0 && seen.get(node) == 0) {
            seen.set(node, (byte) 1);
            stack.push(node);
        }
    }

    /**
     * The first unmarked node in reverse postorder lies in a component that no other unmarked node reaches (Kosaraju), so
     * it becomes a root and all it reaches is marked; and so on.
     */
    private void addSourceComponents(ColumnStore store) {
        IntColumn cursor = store.ints(graph.nodeCount());
        IntStack path = new IntStack(store);
        IntStack finished = new IntStack(store);
        int steps = 0;
        for (int start = 0; start < graph.objectCount(); start++) {
            if (seen.get(start) != 0) {
                continue;
            }
            seen.set(start, (byte) 2);
            int node = start;
            while (true) {
                if (++steps % PROGRESS_STEP == 0) {
                    progress.check();
                }
                int next = advance(node, cursor);
                if (next >= 0) {
                    seen.set(next, (byte) 2);
                    path.push(node);
                    node = next;
                } else {
                    finished.push(node);
                    if (path.isEmpty()) {
                        break;
                    }
                    node = path.pop();
                }
            }
        }
        while (!finished.isEmpty()) {
            int node = finished.pop();
            if (seen.get(node) == 2) {
                roots.add(node, RootKind.LOST);
                markSecond(node);
            }
        }
        store.release(cursor);
        path.release();
        finished.release();
    }

    /** The node's next unvisited neighbour, or -1. */
    private int advance(int node, IntColumn cursor) {
        long first = graph.firstReference(node);
        long degree = graph.endReference(node) - first;
        int at = cursor.get(node);
        for (; at < degree; at++) {
            int target = graph.target(first + at);
            if (seen.get(target) == 0) {
                cursor.set(node, at + 1);
                return target;
            }
        }
        cursor.set(node, at);
        return -1;
    }

    private void markSecond(int from) {
        seen.set(from, (byte) 1);
        stack.push(from);
        while (!stack.isEmpty()) {
            int node = stack.pop();
            for (long e = graph.firstReference(node); e < graph.endReference(node); e++) {
                int target = graph.target(e);
                if (seen.get(target) == 2) {
                    seen.set(target, (byte) 1);
                    stack.push(target);
                }
            }
        }
    }
}

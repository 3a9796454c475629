package dev.holdfast.roots;

import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.RootNodes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of what stands below the virtual root, and of what holds any object.
 *
 * <p>Immutable and thread-safe; memory: what the {@link ObjectNames} take.
 */
public final class RootNames {
    /** Name of the array in which the virtual machine keeps what it took from its class-data archive. */
    public static final String CDS_ARCHIVE = "<CDS archive>";

    /** What an object is held by that several roots hold together. */
    public static final String SEVERAL_ROOTS = "(several roots)";

    /** So many of one kind has no program's JNI global (hprof.md 3.8 item 5; 122 to 441 measured on JDK 17 and 25). */
    private static final int ARCHIVED_OBJECTS = 64;

    /** So many strings has no program's JNI global (8435 measured on JDK 25). */
    private static final int ARCHIVED_STRINGS = 1024;

    private final ObjectGraph graph;
    private final RootNodes roots;
    private final DominatorTree dominators;
    private final List<DumpThread> threads;
    private final ObjectNames names;

    private RootNames(HeapSnapshot heap, ObjectNames names) {
        this.graph = heap.graph();
        this.roots = heap.roots();
        this.dominators = heap.dominators();
        this.threads = heap.dump().threads();
        this.names = names;
    }

    /** The names of a heap's roots. */
    public static RootNames of(HeapSnapshot heap, ObjectNames names) {
        return new RootNames(heap, names);
    }

    /** Whether the node is a root object or a holder and so has a name. */
    public boolean isNamed(int node) {
        return graph.isHolder(node) || roots.positionOf(node) >= 0;
    }

    /**
     * Name of a root object or holder.
     *
     * @throws IllegalArgumentException if the node is neither
     */
    public RootName of(int node) {
        if (graph.isHolder(node)) {
            return new RootName(graph.holder(node).kind(), holderName(node));
        }
        int position = roots.positionOf(node);
        if (position < 0) {
            throw new IllegalArgumentException("node " + node + " is no root and no holder");
        }
        RootKind kind = roots.kind(position);
        String name = names.nameOf(node);
        if (name == null) {
            name = kind == RootKind.JNI_GLOBAL && isArchive(node) ? CDS_ARCHIVE : names.typeName(node);
        }
        return new RootName(kind, name);
    }

    /** The thread of a thread object, or of a holder that is a frame of one; else null. */
    public @Nullable DumpThread threadOf(int node) {
        if (!graph.isHolder(node)) {
            return names.threadOf(node);
        }
        int thread = graph.holder(node).thread();
        return thread < 0 ? null : threads.get(thread);
    }

    /** What a holder itself is called, without what it hangs below: the function of a frame, such as {@code Main.run}. */
    public String functionOf(int holder) {
        return graph.holder(holder).name();
    }

    /** A holder on one line: {@code global main.cache}, {@code goroutine main.serve}, of a thread {@code frame Main.run}. */
    public String lineOf(int holder) {
        RootKind kind = graph.holder(holder).kind();
        boolean ofThread = kind.compareTo(RootKind.GLOBAL) < 0;
        return (ofThread ? RootKind.FRAME : kind).label() + " " + functionOf(holder);
    }

    /** What holds an object: the topmost node of its dominator chain; null if several roots do, or none. */
    public @Nullable RootName holderOf(int node) {
        int top = topmost(node);
        return top >= 0 && isNamed(top) ? of(top) : null;
    }

    /**
     * The topmost node of a node's dominator chain, just below the virtual root;
     * {@link DominatorTree#UNREACHABLE} if it is unreachable. Takes a step a level of the tree.
     */
    public int topmost(int node) {
        int top = node;
        int above = dominators.immediateDominator(node);
        for (int step = 0; above >= 0; step++) {
            top = above;
            above = dominators.immediateDominator(above, step);
        }
        return dominators.reachable(node) ? top : DominatorTree.UNREACHABLE;
    }

    /** {@link #topmost} of every node, in one pass; 4 bytes a node. */
    public int[] topmostOfAll() {
        int[] top = new int[graph.nodeCount()];
        Arrays.fill(top, DominatorTree.UNREACHABLE);
        for (int i = 0; i < dominators.reachableCount(); i++) {
            int node = dominators.nodeAt(i);
            int above = dominators.immediateDominator(node);
            top[node] = above < 0 ? node : top[above];
        }
        return top;
    }

    /**
     * Whether a JNI global is an array of what the virtual machine took from its class-data archive: class objects, arrays
     * of resolved constants (JDK 17: of type {@code Object[]}), or interned strings.
     */
    boolean isArchive(int object) {
        if (graph.isHolder(object) || !names.typeName(object).equals("java.lang.Object[]")) {
            return false;
        }
        long end = graph.endReference(object);
        int classes = 0;
        int arrays = 0;
        int others = 0;
        for (long r = graph.firstReference(object); r < end; r++) {
            int target = graph.target(r);
            if (names.classOf(target) != null) {
                classes++;
            } else if (names.typeName(target).equals("java.lang.Object[]")) {
                arrays++;
            } else if (!names.typeName(target).equals("java.lang.String")) {
                others++;
            }
        }
        boolean onlyStrings = classes + arrays + others == 0 && end - graph.firstReference(object) >= ARCHIVED_STRINGS;
        return classes >= ARCHIVED_OBJECTS || arrays >= ARCHIVED_OBJECTS || onlyStrings;
    }

    ObjectNames objectNames() {
        return names;
    }

    private String holderName(int node) {
        Deque<String> parts = new ArrayDeque<>();
        Holder holder = graph.holder(node);
        while (true) {
            parts.addFirst(holder.name());
            if (holder.parent() < 0) {
                break;
            }
            holder = graph.holders().get(holder.parent());
        }
        if (holder.thread() >= 0 && holder.kind() != RootKind.GOROUTINE) {
            parts.addFirst(threads.get(holder.thread()).name());
        }
        return String.join(" > ", parts);
    }
}

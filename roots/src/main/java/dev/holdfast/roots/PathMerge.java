package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.roots.PathTree.Branch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Merges shortest paths into a {@link PathTree}: marks what lies on a path, then goes down from the roots and looks at the
 * references of each marked object once. Memory: 4 bytes an object and 4 a marked one. Used once, by one thread.
 */
final class PathMerge {
    private static final int UNMARKED = -1;
    private static final int MARKED = -2;
    private static final int NO_VIA = -1;
    private static final int PROGRESS_STEP = 1 << 16;

    private final ShortestPaths paths;
    private final ObjectGraph graph;
    private final ObjectNames names;
    private final ReferenceNames references;
    private final IntPredicate wanted;
    private final Progress progress;
    private final int[] branchOf;
    private final IntList order = new IntList();

    // The tree; parents come before their children.
    private final IntList parents = new IntList();
    private final IntList pairs = new IntList();
    private final List<@Nullable RootName> rootNames = new ArrayList<>();
    private long[] here = new long[0];
    private long[] objects = new long[0];
    private long[] bytes = new long[0];

    private final LongIntMap children = new LongIntMap();
    private final LongIntMap pairIds = new LongIntMap();
    private final IntList pairVias = new IntList();
    private final IntList pairTypes = new IntList();
    private final Map<String, Integer> viaIds = new HashMap<>();
    private final List<String> vias = new ArrayList<>();
    private final LongIntMap viaOfSlot = new LongIntMap();
    private final Map<RootName, Integer> rootBranches = new HashMap<>();

    PathMerge(ShortestPaths paths, IntPredicate wanted, Progress progress) {
        this.paths = paths;
        this.graph = paths.heap().graph();
        this.names = paths.objectNames();
        this.references = paths.references();
        this.wanted = wanted;
        this.progress = progress;
        this.branchOf = new int[graph.objectCount()];
        java.util.Arrays.fill(branchOf, UNMARKED);
    }

    void run() {
        progress.phase("merging paths", -1);
        for (int object = 0; object < branchOf.length; object++) {
            if (wanted.test(object) && paths.parent(object) != BreadthFirstSearch.NOT_REACHED) {
                mark(object);
            }
        }
        for (int i = 0; i < order.size(); i++) {
            int object = order.get(i);
            if (isFirst(object)) {
                branchOf[object] = child(rootBranch(paths.rootOf(object)), NO_VIA, object);
            }
            assignBelow(object);
            if ((i & (PROGRESS_STEP - 1)) == 0) {
                progress.check();
            }
        }
        addUp();
    }

    /** Marks an object and what lies above it; in {@link #order} every object comes after its parent. */
    private void mark(int object) {
        int from = order.size();
        for (int at = object; at >= 0 && !graph.isHolder(at) && branchOf[at] == UNMARKED; at = paths.parent(at)) {
            branchOf[at] = MARKED;
            order.add(at);
        }
        order.reverseFrom(from);
    }

    private boolean isFirst(int object) {
        int parent = paths.parent(object);
        return parent < 0 || graph.isHolder(parent);
    }

    private void assignBelow(int source) {
        int branch = branchOf[source];
        int type = graph.typeOf(source);
        int classObject = graph.classObject(source);
        if (classObject >= 0 && isMarkedBelow(classObject, source)) {
            branchOf[classObject] = child(branch, viaId(ReferenceNames.CLASS), classObject);
        }
        int referent = paths.strongOnly() ? graph.types().get(type).referentSlot() : -1;
        long end = graph.endReference(source);
        for (long r = graph.firstReference(source); r < end; r++) {
            int target = graph.target(r);
            if (!graph.isHolder(target)
                    && isMarkedBelow(target, source)
                    && (referent < 0 || graph.slot(r) != referent)) {
                branchOf[target] = child(branch, via(source, type, r), target);
            }
        }
    }

    private boolean isMarkedBelow(int target, int source) {
        return branchOf[target] == MARKED && paths.parent(target) == source;
    }

    private int via(int source, int type, long reference) {
        int slot = graph.slot(reference);
        if (slot == ReferenceSink.UNNAMED_SLOT || graph.types().get(type).kind() == DumpType.Kind.CLASS) {
            return viaId(references.name(source, reference));
        }
        long key = (long) type << 8 | slot;
        int id = viaOfSlot.get(key);
        if (id == LongIntMap.ABSENT) {
            id = viaId(references.name(source, reference));
            viaOfSlot.put(key, id);
        }
        return id;
    }

    private int viaId(String via) {
        return viaIds.computeIfAbsent(via, v -> {
            vias.add(v);
            return vias.size() - 1;
        });
    }

    /** What objects here are, as a number: their type, or behind all types the class that they stand for. */
    private int kindOf(int object) {
        DumpType type = names.classOf(object);
        return type == null ? graph.typeOf(object) : graph.types().size() + type.index();
    }

    private int child(int branch, int via, int object) {
        int pair = pair(via, kindOf(object));
        long key = (long) branch << 32 | pair;
        int child = children.get(key);
        if (child == LongIntMap.ABSENT) {
            child = onPath(branch, pair);
            if (child < 0) {
                child = add(branch, pair, null);
            }
            children.put(key, child);
        }
        return child;
    }

    private int onPath(int branch, int pair) {
        int at = branch;
        while (at >= 0 && pairs.get(at) != pair) {
            at = parents.get(at);
        }
        return at;
    }

    private int pair(int via, int kind) {
        long key = (via + 1L) << 32 | kind;
        int pair = pairIds.get(key);
        if (pair == LongIntMap.ABSENT) {
            pair = pairVias.size();
            pairVias.add(via);
            pairTypes.add(kind);
            pairIds.put(key, pair);
        }
        return pair;
    }

    private int rootBranch(RootName root) {
        return rootBranches.computeIfAbsent(root, name -> add(-1, -1, name));
    }

    private int add(int parent, int pair, @Nullable RootName root) {
        parents.add(parent);
        pairs.add(pair);
        rootNames.add(root);
        return parents.size() - 1;
    }

    private void addUp() {
        here = new long[parents.size()];
        objects = new long[parents.size()];
        bytes = new long[parents.size()];
        for (int i = 0; i < order.size(); i++) {
            int object = order.get(i);
            if (wanted.test(object)) {
                here[branchOf[object]]++;
                objects[branchOf[object]]++;
                bytes[branchOf[object]] += graph.shallowSize(object);
            }
        }
        for (int branch = parents.size() - 1; branch >= 0; branch--) {
            int parent = parents.get(branch);
            if (parent >= 0) {
                objects[parent] += objects[branch];
                bytes[parent] += bytes[branch];
            }
        }
    }

    PathTree tree() {
        return PathTree.of(this);
    }

    int size() {
        return parents.size();
    }

    int parent(int branch) {
        return parents.get(branch);
    }

    Branch branch(int branch, List<Branch> below) {
        int pair = pairs.get(branch);
        if (pair < 0) {
            return new Branch(rootNames.get(branch), null, "", here[branch], objects[branch], bytes[branch], below);
        }
        int via = pairVias.get(pair);
        int kind = pairTypes.get(pair);
        int types = graph.types().size();
        String name = kind < types
                ? graph.types().get(kind).name()
                : "class " + graph.types().get(kind - types).name();
        return new Branch(
                null, via < 0 ? null : vias.get(via), name, here[branch], objects[branch], bytes[branch], below);
    }
}

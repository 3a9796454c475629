package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.roots.ObjectNames;
import dev.holdfast.roots.ReferenceNames;
import dev.holdfast.roots.RootName;
import dev.holdfast.roots.RootNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the dominator tree, from the roots down, that fills the frame tree of {@code roots.pb.gz} and the table of
 * {@code inuse.pb.gz}.
 *
 * <p>Dominators come before what they dominate; so when an object's turn comes, its dominator has already given it a frame,
 * if it refers to it directly, and otherwise it is shared. One pass over objects and references, 4 bytes a node beside the
 * tables. Used once, by one thread.
 */
final class RetentionWalk {
    private static final int PROGRESS_STEP = 1 << 18;
    /** Root kind of what several roots hold together. */
    private static final int SEVERAL = 255;

    private static final String[] STRENGTHS = labels(Strength.values());

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final boolean strongOnly;
    private final ObjectNames objectNames;
    private final RootNames rootNames;
    private final ReferenceNames referenceNames;

    private final RetentionTree tree = new RetentionTree();
    private final InUseTable inUse = new InUseTable();
    private final NameTable names = new NameTable();
    /** Frame of each node plus one; 0 as long as it has none. */
    private final IntColumn frameOf;

    private final int[] typeNames;
    private final int[][] viaNames;
    private final boolean[] isClass;
    private final String[] loaderLabels;
    /** Root of each frame, by frame. */
    private int[] rootOf = new int[1024];

    private int rootsKnown;
    /** The frame given last: elements of an array come one after the other. */
    private int lastAbove = -1;

    private int lastHow;
    private int lastName;
    private int lastFrame;
    private final List<Root> roots = new ArrayList<>();
    private final Map<Root, Integer> rootNumbers = new HashMap<>();

    /** What the labels of all below say: kind, name, thread. */
    private record Root(@Nullable RootKind kind, String name, String thread) {}

    /** Number of the thread's name of each root, or {@link InUseTable#NONE}: looked up once, not for each object. */
    private int[] threadOfRoot = new int[16];

    RetentionWalk(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.strongOnly = heap.options().references() == SnapshotOptions.References.STRONG;
        this.objectNames = ObjectNames.of(heap);
        this.rootNames = RootNames.of(heap, objectNames);
        this.referenceNames = ReferenceNames.of(heap);
        this.frameOf = heap.scratchInts(graph.nodeCount());
        int types = heap.types().size();
        typeNames = new int[types];
        viaNames = new int[types][];
        isClass = new boolean[types];
        loaderLabels = new String[types];
        for (DumpType type : heap.types()) {
            typeNames[type.index()] = names.number(FrameNames.type(type.name()));
            isClass[type.index()] = type.kind() == DumpType.Kind.CLASS;
            loaderLabels[type.index()] = loaderLabel(type);
        }
    }

    private static String[] labels(Strength[] strengths) {
        String[] labels = new String[strengths.length];
        for (Strength strength : strengths) {
            labels[strength.ordinal()] = strength.label();
        }
        return labels;
    }

    private String loaderLabel(DumpType type) {
        int loader = objectNames.loaderOf(type.index());
        return loader < 0 ? "" : FrameNames.type(objectNames.loaderLabel(loader));
    }

    /** Walks; afterwards the profiles can be built. */
    void run(Progress progress) {
        int count = dominators.reachableCount();
        progress.phase("building profiles", count);
        for (int i = 0; i < count; i++) {
            if (i % PROGRESS_STEP == 0) {
                progress.check();
                progress.advance(i);
            }
            visit(dominators.nodeAt(i));
        }
        heap.release(frameOf);
    }

    private void visit(int node) {
        int frame = frameOf.get(node) - 1;
        if (frame < 0) {
            frame = ownFrame(node);
            frameOf.set(node, frame + 1);
        }
        if (!graph.isHolder(node)) {
            count(node, frame);
            int type = graph.typeOf(node);
            int classObject = graph.classObject(node);
            if (classObject >= 0) {
                claim(classObject, node, frame, type, ReferenceSink.UNNAMED_SLOT, -1);
            }
            long end = graph.endReference(node);
            int uncounted = strongOnly ? heap.types().get(type).referentSlot() : -1;
            for (long e = graph.firstReference(node); e < end; e++) {
                int slot = graph.slot(e);
                if (slot != uncounted) {
                    claim(graph.target(e), node, frame, type, slot, e);
                }
            }
        } else {
            long end = graph.endReference(node);
            for (long e = graph.firstReference(node); e < end; e++) {
                claim(graph.target(e), node, frame, -1, 0, e);
            }
        }
    }

    private void count(int object, int frame) {
        int type = graph.typeOf(object);
        long size = graph.shallowSize(object);
        Strength strength = heap.strength(object);
        int reachability = strength == null ? 0 : strength.ordinal();
        tree.add(frame, type, reachability, size);
        int number = rootOf(frame);
        Root root = roots.get(number);
        inUse.add(
                type,
                InUseTable.NONE,
                root.kind == null ? SEVERAL : root.kind.ordinal(),
                reachability,
                threadOfRoot[number],
                SizeClass.of(size, !graph.fixedSize(type)),
                size);
    }

    /** Gives a node the frame below its dominator, if this is the dominator's first reference to it. */
    private void claim(int target, int source, int frame, int type, int slot, long reference) {
        if (dominators.immediateDominator(target) != source || frameOf.get(target) != 0) {
            return;
        }
        int below;
        if (graph.isHolder(target)) {
            below = holder(frame, target);
        } else {
            int via = type < 0 ? RetentionTree.NO_VIA : via(source, type, slot, reference);
            below = objectFrame(frame, via, target);
        }
        frameOf.set(target, below + 1);
    }

    /** The frame of a node that its dominator does not refer to directly, or that has none. */
    private int ownFrame(int node) {
        int dominator = dominators.immediateDominator(node);
        if (dominator >= 0) {
            int above = frameOf.get(dominator) - 1;
            return graph.isHolder(node) ? holder(above, node) : objectFrame(above, RetentionTree.SHARED, node);
        }
        if (!rootNames.isNamed(node)) {
            int frame = tree.holder(RetentionTree.ROOT, names.number(RootNames.SEVERAL_ROOTS));
            remember(frame, RetentionTree.ROOT, new Root(null, RootNames.SEVERAL_ROOTS, ""));
            return objectFrame(frame, RetentionTree.NO_VIA, node);
        }
        RootName name = rootNames.of(node);
        DumpThread thread = rootNames.threadOf(node);
        String shown = thread == null ? FrameNames.type(name.name()) : FrameNames.thread(name.name());
        Root root = new Root(name.kind(), shown, thread == null ? "" : FrameNames.thread(thread.name()));
        int kind = tree.holder(RetentionTree.ROOT, names.number(name.kind().label()));
        remember(kind, RetentionTree.ROOT, new Root(name.kind(), "", ""));
        int frame = tree.holder(kind, names.number(shown));
        remember(frame, kind, root);
        return graph.isHolder(node) ? frame : objectFrame(frame, RetentionTree.NO_VIA, node);
    }

    private int holder(int above, int node) {
        int frame = tree.holder(above, names.number(FrameNames.function(rootNames.functionOf(node))));
        Root root = roots.get(rootOf(above));
        remember(frame, above, root);
        return frame;
    }

    private int objectFrame(int above, int via, int object) {
        int type = graph.typeOf(object);
        int name = typeNames[type];
        int how = via;
        if (isClass[type]) {
            DumpType mirrored = objectNames.classOf(object);
            if (mirrored != null) {
                name = names.number("class " + names.name(typeNames[mirrored.index()]));
                how = via == RetentionTree.SHARED ? via : RetentionTree.NO_VIA;
            }
        }
        if (above == lastAbove && how == lastHow && name == lastName) {
            return lastFrame;
        }
        int frame = tree.child(above, how, name);
        remember(frame, above, null);
        lastAbove = above;
        lastHow = how;
        lastName = name;
        lastFrame = frame;
        return frame;
    }

    /** Notes the root of a new frame; a frame that is known keeps its own. */
    private void remember(int frame, int above, @Nullable Root root) {
        if (frame < rootsKnown) {
            return;
        }
        if (frame >= rootOf.length) {
            rootOf = java.util.Arrays.copyOf(rootOf, Math.max(frame + 1, rootOf.length + (rootOf.length >> 1)));
        }
        rootOf[frame] = root == null ? rootOf[above] : rootNumber(root);
        rootsKnown = frame + 1;
    }

    private int rootNumber(Root root) {
        Integer known = rootNumbers.putIfAbsent(root, roots.size());
        if (known == null) {
            int number = roots.size();
            roots.add(root);
            if (number == threadOfRoot.length) {
                threadOfRoot = java.util.Arrays.copyOf(threadOfRoot, number * 2);
            }
            threadOfRoot[number] = root.thread.isEmpty() ? InUseTable.NONE : names.number(root.thread);
            return number;
        }
        return known;
    }

    private int rootOf(int frame) {
        return rootOf[frame];
    }

    private int via(int source, int type, int slot, long reference) {
        if (reference < 0) {
            return names.number("<class>");
        }
        if (isClass[type] || slot >= ReferenceSink.UNNAMED_SLOT) {
            return names.number(referenceNames.name(source, reference));
        }
        int[] known = viaNames[type];
        if (known == null) {
            known = new int[ReferenceSink.UNNAMED_SLOT];
            viaNames[type] = known;
        }
        if (known[slot] == 0) {
            known[slot] = names.number(referenceNames.name(source, reference)) + 1;
        }
        return known[slot] - 1;
    }

    /** Where each object stands; for tests. Only before {@link #run} ends. */
    RetentionTree tree() {
        return tree;
    }

    /** The profile of who retains what. */
    Profile roots(ProfileBuilder template, ProfileLimits limits) {
        return tree.build(template, new Frames(), limits);
    }

    /** The profile of what is in use. */
    Profile inUse(ProfileBuilder builder, ProfileLimits limits) {
        inUse.addTo(builder, new Stacks());
        return builder.build(limits);
    }

    private Labels rootLabels(Root of) {
        Labels labels = Labels.NONE.with("root_kind", of.kind == null ? of.name : of.kind.label());
        if (!of.name.isEmpty() && of.kind != null) {
            labels = labels.with("root", of.name);
        }
        return of.thread.isEmpty() ? labels : labels.with("thread", of.thread);
    }

    private Labels typeLabels(Labels labels, int type, int reachability) {
        Labels all = labels;
        if (type >= 0) {
            all = all.with("type", names.name(typeNames[type]));
            if (!loaderLabels[type].isEmpty()) {
                all = all.with("class_loader", loaderLabels[type]);
            }
        }
        return reachability < 0 ? all : all.with("reachability", STRENGTHS[reachability]);
    }

    private final class Frames implements RetentionNames {
        @Override
        public String holder(int nameId) {
            return names.name(nameId);
        }

        @Override
        public String via(int viaId) {
            return names.name(viaId);
        }

        @Override
        public String type(int typeNameId) {
            return names.name(typeNameId);
        }

        @Override
        public Labels labels(int holder, int typeId, int reachability) {
            return typeLabels(rootLabels(roots.get(rootOf(holder))), typeId, reachability);
        }
    }

    private final class Stacks implements InUseNames {
        @Override
        public int frame(ProfileBuilder builder, int type, int allocationStack) {
            int frame = RetentionTree.ROOT;
            List<String> packages = PackageFrames.java(names.name(typeNames[type]));
            for (int i = 0; i < packages.size(); i++) {
                frame = builder.frame(frame, packages.get(i));
            }
            return builder.frame(frame, names.name(typeNames[type]));
        }

        @Override
        public Labels labels(int type, int allocationStack, int rootKind, int reachability, int thread) {
            String kind = rootKind == SEVERAL ? RootNames.SEVERAL_ROOTS : RootKind.values()[rootKind].label();
            Labels labels = Labels.NONE.with("root_kind", kind);
            if (thread != InUseTable.NONE) {
                labels = labels.with("thread", names.name(thread));
            }
            return typeLabels(labels, type, reachability);
        }
    }
}

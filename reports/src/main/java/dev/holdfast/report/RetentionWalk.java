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
 * <p>Dominators come before what they dominate; so when an object's turn comes, its dominator's frame is known, and the
 * object's is that or one below it. Which reference leads there is found before, in address order
 * ({@link DominatorLinks}), and objects are counted after, in address order again ({@link FrameCounting}): so the walk
 * itself, which jumps about in memory and keeps one thread busy, looks at no reference. 4 bytes a node beside the tables.
 * Used once, by one thread.
 */
final class RetentionWalk {
    private static final int PROGRESS_STEP = 1 << 18;
    private static final int BLOCK = 256;
    /** Root kind of what several roots hold together. */
    private static final int SEVERAL = 255;

    private static final String[] STRENGTHS = labels(Strength.values());

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final ObjectNames objectNames;
    private final RootNames rootNames;
    private final ReferenceNames referenceNames;

    private final RetentionTree tree = new RetentionTree();
    private final InUseTable inUse = new InUseTable();
    private final NameTable names = new NameTable();
    /** Link of each node until it has its turn, its frame from then on; see {@link DominatorLinks}. */
    private final IntColumn frameOf;

    /** The nodes of a block, with what is looked up for them in advance. */
    private final int[] nodes = new int[BLOCK];

    private final int[] above = new int[BLOCK];
    private final int[] links = new int[BLOCK];
    private final int[] types = new int[BLOCK];

    private final int[] typeNames;
    private final int[][] viaNames;
    private final boolean[] isClass;
    private final String[] loaderLabels;
    /** Root of each frame, by frame. */
    private int[] rootOf = new int[1024];

    private int rootsKnown;
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
        this.objectNames = ObjectNames.of(heap);
        this.rootNames = RootNames.of(heap, objectNames);
        this.referenceNames = ReferenceNames.of(heap);
        this.frameOf = heap.scratchInts(graph.nodeCount());
        int typeCount = heap.types().size();
        typeNames = new int[typeCount];
        viaNames = new int[typeCount][];
        isClass = new boolean[typeCount];
        loaderLabels = new String[typeCount];
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

    /** Gives every node its frame. */
    void run(Progress progress) {
        DominatorLinks.find(heap, frameOf, progress);
        int count = dominators.reachableCount();
        progress.phase("following dominators", count);
        for (int i = 0; i < count; i += BLOCK) {
            if (i % PROGRESS_STEP == 0) {
                progress.check();
                progress.advance(i);
            }
            int nodesInBlock = Math.min(BLOCK, count - i);
            lookUp(i, nodesInBlock);
            place(nodesInBlock);
        }
    }

    /**
     * Looks up what the frames of a block of nodes need and what does not depend on the node before: the processor waits
     * for many cache lines at once instead of one after the other. A method of its own, and so compiled early.
     */
    private void lookUp(int position, int count) {
        for (int i = 0; i < count; i++) {
            int node = dominators.nodeAt(position + i);
            nodes[i] = node;
            above[i] = dominators.immediateDominator(node);
            links[i] = frameOf.get(node);
            types[i] = graph.isHolder(node) ? -1 : graph.typeOf(node);
        }
    }

    /** Gives a block of nodes their frames. */
    private void place(int count) {
        for (int i = 0; i < count; i++) {
            int dominator = above[i];
            int node = nodes[i];
            int type = types[i];
            int frame = dominator < 0 || type < 0
                    ? rareFrame(node, dominator)
                    : objectFrame(dominator, node, links[i], type);
            frameOf.set(node, frame);
        }
    }

    private int objectFrame(int dominator, int object, int link, int type) {
        int aboveFrame = frameOf.get(dominator);
        int via = link == DominatorLinks.NONE ? RetentionTree.SHARED : via(dominator, object, link);
        return isClass[type] ? classFrame(aboveFrame, via, object, type) : child(aboveFrame, via, typeNames[type]);
    }

    /** Counts all objects at their frames; afterwards the profiles can be built. */
    void count(Progress progress) {
        int[] kinds = new int[roots.size()];
        for (int i = 0; i < kinds.length; i++) {
            RootKind kind = roots.get(i).kind;
            kinds[i] = kind == null ? SEVERAL : kind.ordinal();
        }
        FrameCounting.Roots held = new FrameCounting.Roots(rootOf, kinds, threadOfRoot);
        FrameCounting.of(heap, frameOf, held, progress).addTo(tree, inUse);
        heap.release(frameOf);
    }

    /** The frame of a holder, or of a node below the virtual root. */
    private int rareFrame(int node, int dominator) {
        return dominator < 0 ? topFrame(node) : holder(frameOf.get(dominator), node);
    }

    /** The frame of a node that only the virtual root dominates. */
    private int topFrame(int node) {
        if (!rootNames.isNamed(node)) {
            int frame = tree.holder(RetentionTree.ROOT, names.number(RootNames.SEVERAL_ROOTS));
            remember(frame, RetentionTree.ROOT, new Root(null, RootNames.SEVERAL_ROOTS, ""));
            return topObjectFrame(frame, node);
        }
        RootName name = rootNames.of(node);
        DumpThread thread = rootNames.threadOf(node);
        String shown = thread == null ? FrameNames.type(name.name()) : FrameNames.thread(name.name());
        Root root = new Root(name.kind(), shown, thread == null ? "" : FrameNames.thread(thread.name()));
        int kind = tree.holder(RetentionTree.ROOT, names.number(name.kind().label()));
        remember(kind, RetentionTree.ROOT, new Root(name.kind(), "", ""));
        int frame = tree.holder(kind, names.number(shown));
        remember(frame, kind, root);
        return graph.isHolder(node) ? frame : topObjectFrame(frame, node);
    }

    private int holder(int above, int node) {
        int frame = tree.holder(above, names.number(FrameNames.function(rootNames.functionOf(node))));
        Root root = roots.get(rootOf[above]);
        remember(frame, above, root);
        return frame;
    }

    private int topObjectFrame(int above, int object) {
        int type = graph.typeOf(object);
        return isClass[type]
                ? classFrame(above, RetentionTree.NO_VIA, object, type)
                : child(above, RetentionTree.NO_VIA, typeNames[type]);
    }

    /** The frame of a class object, named by the class. */
    private int classFrame(int above, int via, int object, int type) {
        DumpType mirrored = objectNames.classOf(object);
        if (mirrored == null) {
            return child(above, via, typeNames[type]);
        }
        int how = via == RetentionTree.SHARED ? via : RetentionTree.NO_VIA;
        return child(above, how, names.number("class " + names.name(typeNames[mirrored.index()])));
    }

    private int child(int above, int how, int name) {
        int frame = tree.child(above, how, name);
        if (frame >= rootsKnown) {
            remember(frame, above, null);
        }
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

    /** Number of the name by which an object's dominator refers to it. */
    private int via(int dominator, int object, int link) {
        if (graph.isHolder(dominator)) {
            return RetentionTree.NO_VIA;
        }
        if (link == DominatorLinks.CLASS) {
            return names.number(ReferenceNames.CLASS);
        }
        int slot = DominatorLinks.slot(link);
        if (slot == ReferenceSink.UNNAMED_SLOT) {
            String name = referenceNames.via(dominator, object);
            return names.number(name == null ? ReferenceNames.LOCAL : name);
        }
        int type = graph.typeOf(dominator);
        if (isClass[type]) {
            return names.number(slotName(dominator, type, slot));
        }
        int[] known = viaNames[type];
        if (known == null) {
            known = new int[ReferenceSink.UNNAMED_SLOT];
            viaNames[type] = known;
        }
        if (known[slot] == 0) {
            known[slot] = names.number(slotName(dominator, type, slot)) + 1;
        }
        return known[slot] - 1;
    }

    private String slotName(int object, int type, int slot) {
        return heap.dump().referenceName(graph.addressOf(object), type, slot);
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
            return typeLabels(rootLabels(roots.get(rootOf[holder])), typeId, reachability);
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

package dev.holdfast.report;

import dev.holdfast.dump.AllocationSites;
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
import dev.holdfast.roots.RetainedFrames;
import dev.holdfast.roots.RootName;
import dev.holdfast.roots.RootNames;
import dev.holdfast.roots.SuspectSearch;
import dev.holdfast.roots.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One walk over the dominator tree, from the roots down, that fills the frame tree of {@code roots.pb.gz} and the table of
 * {@code inuse.pb.gz}.
 *
 * <p>Dominators come before what they dominate; so when an object's turn comes, its dominator's place is known, and the
 * object's is that or one below it. Which reference leads there is found before, in address order
 * ({@link DominatorLinks}), and objects are counted after, in address order again ({@link FrameCounting}): so the walk
 * itself, which jumps about in memory and keeps one thread busy, reads one number a node and writes another in its place. 4
 * bytes a node beside the tables. Used once, by one thread.
 */
final class RetentionWalk {
    private static final int PROGRESS_STEP = 1 << 18;
    private static final int BLOCK = 256;

    private static final String[] STRENGTHS = labels(Strength.values());

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final ObjectNames objectNames;
    private final RootNames rootNames;
    private final ReferenceNames referenceNames;

    private final RetentionTree tree = new RetentionTree();
    private final FramePlaces places = new FramePlaces();
    private final InUseTable inUse = new InUseTable();
    private final NameTable names = new NameTable();
    private final FrameRoots roots = new FrameRoots();
    private final Language language;
    private final GoroutineLabels goroutineLabels;

    /** By goroutines' function and labels, the number of the name of their frame, which shows the function alone. */
    private final Map<List<Object>, Integer> goroutineNames = new HashMap<>();

    private final Map<String, Integer> functionNames = new HashMap<>();

    /** Code of each node until it has its turn, see {@link DominatorLinks}; its place from then on. */
    private final IntColumn placeOf;

    /** By frame, the node that opened it: the only one of a frame that has only one. */
    private int[] openedBy = new int[1024];

    private int opened;

    /** The place above what several roots hold together, once there is such an object. */
    private int several = FramePlaces.NOWHERE;

    /** The nodes of a block, with what is looked up for them in advance. */
    private final int[] nodes = new int[BLOCK];

    private final int[] above = new int[BLOCK];
    private final int[] codes = new int[BLOCK];

    private final int[] typeNames;
    private final boolean[] isClass;
    private final String[] loaderLabels;

    RetentionWalk(HeapSnapshot heap) {
        this.heap = heap;
        this.language = Language.of(heap.dump().info());
        this.goroutineLabels = new GoroutineLabels(heap.dump().threads(), ProfileLimits.DEFAULT.maxLabelValues());
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.objectNames = ObjectNames.of(heap);
        this.rootNames = RootNames.of(heap, objectNames);
        this.referenceNames = ReferenceNames.of(heap);
        this.placeOf = heap.scratchColumn();
        int typeCount = heap.types().size();
        typeNames = new int[typeCount];
        isClass = new boolean[typeCount];
        loaderLabels = new String[typeCount];
        for (DumpType type : heap.types()) {
            typeNames[type.index()] = names.number(language.type(type.name()));
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
        return loader < 0 ? "" : language.type(objectNames.loaderLabel(loader));
    }

    /** What ate the memory, once all objects are counted. */
    Verdict verdict() {
        return SuspectSearch.verdict(heap, frames(), rootNames);
    }

    /** Gives every reachable node its place; {@link #count} comes next. */
    void run(Progress progress) {
        DominatorLinks.find(heap, placeOf, progress);
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
        if (graph.nodeCount() > count) {
            forgetUnreachable();
        }
    }

    /**
     * Looks up what the places of a block of nodes need and what does not depend on the node before: the processor waits
     * for many cache lines at once instead of one after the other.
     */
    private void lookUp(int position, int count) {
        for (int i = 0; i < count; i++) {
            int node = dominators.nodeAt(position + i);
            nodes[i] = node;
            above[i] = dominators.dominatorOfNodeAt(position + i);
            codes[i] = placeOf.get(node);
        }
    }

    /** Gives a block of nodes their places. All that is rare is kept out, so that this is compiled early. */
    private void place(int count) {
        for (int i = 0; i < count; i++) {
            int dominator = above[i];
            int code = codes[i];
            int place = FramePlaces.NOWHERE;
            if (dominator >= 0) {
                place = places.below(placeOf.get(dominator), code);
            }
            placeOf.set(nodes[i], place == FramePlaces.NOWHERE ? find(nodes[i], dominator, code) : place);
        }
    }

    private void forgetUnreachable() {
        for (int node = 0; node < graph.nodeCount(); node++) {
            if (!dominators.reachable(node)) {
                placeOf.set(node, FramePlaces.NOWHERE);
            }
        }
    }

    /** The place of a node, from names. */
    private int find(int node, int dominator, int code) {
        if (code == DominatorLinks.HOLDER) {
            return places.number(dominator < 0 ? namedRoot(node) : holder(dominator, node), FramePlaces.HOLDER);
        }
        if (dominator < 0 && rootNames.isNamed(node)) {
            int type = DominatorLinks.type(code);
            return places.number(named(namedRoot(node), RetentionTree.NO_VIA, node, type), type);
        }
        if (dominator < 0) {
            return sharedByRoots(node, code);
        }
        int abovePlace = placeOf.get(dominator);
        int link = DominatorLinks.link(code);
        int via = link == DominatorLinks.NONE ? RetentionTree.SHARED : via(dominator, node, link);
        boolean sameForAll = DominatorLinks.slot(link) != ReferenceSink.UNNAMED_SLOT
                && (link == DominatorLinks.NONE || graph.isHolder(dominator) || !isClass[places.type(abovePlace)]);
        return below(abovePlace, via, node, code, sameForAll);
    }

    /** The place of an object that several roots hold, of which there may be millions. */
    private int sharedByRoots(int object, int code) {
        if (several == FramePlaces.NOWHERE) {
            int frame = tree.holder(RetentionTree.ROOT, names.number(RootNames.SEVERAL_ROOTS));
            roots.set(frame, new FrameRoots.Root(null, RootNames.SEVERAL_ROOTS, Labels.NONE));
            several = places.number(frame, FramePlaces.HOLDER);
        }
        int known = places.below(several, code);
        return known != FramePlaces.NOWHERE ? known : below(several, RetentionTree.NO_VIA, object, code, true);
    }

    /**
     * The place of an object below another place.
     *
     * @param sameForAll whether {@code via} is the same for all objects with this code below that place
     */
    private int below(int abovePlace, int via, int object, int code, boolean sameForAll) {
        int type = DominatorLinks.type(code);
        int place = places.number(named(places.frame(abovePlace), via, object, type), type);
        // Class objects are named one by one.
        if (sameForAll && !isClass[type]) {
            places.remember(abovePlace, code, place);
        }
        return place;
    }

    /** The frame of a root or of a holder directly below the virtual root. */
    private int namedRoot(int node) {
        RootName name = rootNames.of(node);
        DumpThread thread = rootNames.threadOf(node);
        int kind = tree.holder(RetentionTree.ROOT, names.number(name.kind().label()));
        roots.set(kind, new FrameRoots.Root(name.kind(), "", Labels.NONE));
        if (thread != null && thread.kind() == DumpThread.Kind.GOROUTINE) {
            Labels own = goroutineLabels.of(thread);
            int frame = tree.holder(kind, goroutineName(name.name(), own));
            note(frame, node);
            roots.set(frame, new FrameRoots.Root(name.kind(), name.name(), own));
            return frame;
        }
        String shown = thread == null ? language.type(name.name()) : FrameNames.thread(name.name());
        int frame = tree.holder(kind, names.number(shown));
        note(frame, node);
        Labels own = thread == null ? Labels.NONE : Labels.NONE.with("thread", FrameNames.thread(thread.name()));
        roots.set(frame, new FrameRoots.Root(name.kind(), shown, own));
        return frame;
    }

    /** Goroutines of one function whose labels differ have frames of their own here, which look alike in the profile. */
    private int goroutineName(String function, Labels own) {
        if (own.size() == 0) {
            return names.number(function);
        }
        return goroutineNames.computeIfAbsent(List.of(function, own), made -> names.another(function));
    }

    private int holder(int dominator, int node) {
        int aboveFrame = places.frame(placeOf.get(dominator));
        int frame = tree.holder(aboveFrame, functionName(rootNames.functionOf(node)));
        note(frame, node);
        roots.inherit(frame, aboveFrame);
        return frame;
    }

    /** The number of a function's name, of which there are few and each is asked for once a frame of any thread. */
    private int functionName(String function) {
        return functionNames.computeIfAbsent(function, made -> names.number(language.function(made)));
    }

    /** The frame of an object; that of a class object is named by the class. */
    private int named(int aboveFrame, int via, int object, int type) {
        int how = via;
        int name = typeNames[type];
        DumpType mirrored = isClass[type] ? objectNames.classOf(object) : null;
        if (mirrored != null) {
            how = via == RetentionTree.SHARED ? via : RetentionTree.NO_VIA;
            name = names.number("class " + names.name(typeNames[mirrored.index()]));
        }
        int frame = tree.child(aboveFrame, how, name);
        note(frame, object);
        roots.inherit(frame, aboveFrame);
        return frame;
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
        return names.number(heap.dump().referenceName(graph.addressOf(dominator), graph.typeOf(dominator), slot));
    }

    /** A node that opened a frame. */
    private void note(int frame, int node) {
        if (frame >= opened) {
            if (frame >= openedBy.length) {
                openedBy = Arrays.copyOf(openedBy, Math.max(frame + 1, Columns.grown(openedBy.length)));
            }
            Arrays.fill(openedBy, opened, frame, -1);
            openedBy[frame] = node;
            opened = frame + 1;
        }
    }

    /** The dominator tree in frames, once all objects are counted. */
    RetainedFrames frames() {
        FrameTree all = tree.frameTree();
        RetainedFrames.Builder builder = new RetainedFrames.Builder(all.size());
        for (int frame = 0; frame < all.size(); frame++) {
            builder.frame(frame, all.parent(frame), tree.kind(frame), frame < opened ? openedBy[frame] : -1);
        }
        FrameCounts counts = tree.counts();
        Strength[] strengths = Strength.values();
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                builder.add(
                        counts.frame(row),
                        typeNames[counts.type(row)],
                        names.name(typeNames[counts.type(row)]),
                        strengths[counts.reachability(row)],
                        counts.count(row),
                        counts.bytes(row));
            }
        }
        return builder.build(
                frame -> switch (tree.kind(frame)) {
                    case DEEPER -> FrameNames.DEEPER;
                    default -> frame == RetentionTree.ROOT ? "" : names.name(tree.nameId(frame));
                },
                frame -> names.name(tree.viaId(frame)));
    }

    /** The frame of a reachable object, after {@link #run} and before {@link #release}. */
    int frameOf(int object) {
        return places.frame(placeOf.get(object));
    }

    /** The frames; all of them after {@link #run}. */
    RetentionTree tree() {
        return tree;
    }

    /** The names of the frames. */
    RetentionNames names() {
        return new Frames();
    }

    /** Counts all objects at their places; afterwards the profiles can be built. */
    void count(Progress progress) {
        FrameCounting.of(heap, placeOf, places, roots, progress).addTo(tree, inUse);
    }

    /** What the types come to, after {@link #count} and before {@link #release}. */
    FrameTypes types() {
        return new FrameTypes(tree, heap.types().size(), this::retained);
    }

    /** What the objects of each group retain together; they must not dominate each other. */
    private long[] retained(List<FrameTypes.Group> groups) {
        int[] groupOf = new int[places.end()];
        Arrays.fill(groupOf, -1);
        for (int i = 0; i < groups.size(); i++) {
            groupOf[places.number(groups.get(i).frame(), groups.get(i).type())] = i;
        }
        long[] sums = new long[groups.size()];
        for (int object = 0; object < graph.objectCount(); object++) {
            int group = groupOf[placeOf.get(object)];
            if (group >= 0) {
                sums[group] += dominators.retainedSize(object);
            }
        }
        return sums;
    }

    /** Gives back the places of single objects; frames and names stay. */
    void release() {
        heap.release(placeOf);
    }

    /** The profile of who retains what. */
    Profile roots(ProfileBuilder template, ProfileLimits limits) {
        return tree.build(goroutineLabels.warn(template), new Frames(), limits);
    }

    /** The profile of what is in use. */
    Profile inUse(ProfileBuilder builder, ProfileLimits limits) {
        inUse.addTo(goroutineLabels.warn(builder), new Stacks());
        return builder.build(limits);
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
        /** Labels by root, type and reachability: samples are many more than these. */
        private final TripleIndex asked = new TripleIndex();

        private final List<Labels> answers = new ArrayList<>();

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
            int row = asked.findOrAdd(roots.number(holder), typeId, reachability);
            if (row == answers.size()) {
                answers.add(typeLabels(roots.of(holder).labels(), typeId, reachability));
            }
            return answers.get(row);
        }
    }

    private final class Stacks implements InUseNames {
        private final AllocationSites sites = heap.dump().allocationSites();

        @Override
        public int frame(ProfileBuilder builder, int type, int allocationStack) {
            if (allocationStack != InUseTable.NONE) {
                return CallStack.add(
                        builder, ProfileBuilder.ROOT, sites.stacks().get(allocationStack));
            }
            return language.frames(builder, ProfileBuilder.ROOT, names.name(typeNames[type]));
        }

        @Override
        public Labels labels(int type, int allocationStack, int rootKind, int reachability, int thread) {
            String kind =
                    rootKind == FrameRoots.SEVERAL ? RootNames.SEVERAL_ROOTS : RootKind.values()[rootKind].label();
            return typeLabels(roots.labelsOf(thread).with("root_kind", kind), type, reachability);
        }
    }
}

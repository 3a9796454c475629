package dev.holdfast.report;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.roots.ObjectNames;
import dev.holdfast.roots.RootName;
import dev.holdfast.roots.RootNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The samples of {@code roots.pb.gz} and {@code inuse.pb.gz} as the rules of the design give them, found the slow way: stacks are lists of names, one
 * for each object, and how an object refers to another is read again from the file.
 *
 * <p>Shares with the code under test the dominator tree, the names of types, roots and loaders, and nothing of how frames come about.
 */
final class NaiveProfiles {
    /** Objects and bytes. */
    record Value(long objects, long bytes) {
        static final Value NONE = new Value(0, 0);

        Value plus(Value other) {
            return new Value(objects + other.objects, bytes + other.bytes);
        }
    }

    private record Stack(List<String> frames, List<String> pairs, Map<String, String> rootLabels) {}

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final ObjectNames objectNames;
    private final RootNames rootNames;
    private final List<Integer> topDown = new ArrayList<>();
    private final Map<Integer, List<Integer>> children = new HashMap<>();
    private final Map<Integer, Stack> stacks = new HashMap<>();

    NaiveProfiles(HeapSnapshot heap) throws IOException {
        this.heap = heap;
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.objectNames = ObjectNames.of(heap);
        this.rootNames = RootNames.of(heap, objectNames);
        for (int node = 0; node < graph.nodeCount(); node++) {
            if (heap.reachable(node)) {
                children.computeIfAbsent(dominators.immediateDominator(node), key -> new ArrayList<>())
                        .add(node);
            }
        }
        for (int root : children.getOrDefault(DominatorTree.VIRTUAL_ROOT, List.of())) {
            stacks.put(root, rootStack(root));
            topDown.add(root);
        }
        for (int i = 0; i < topDown.size(); i++) {
            int dominator = topDown.get(i);
            List<Integer> below = children.getOrDefault(dominator, List.of());
            Map<Long, String> direct = below.isEmpty() ? Map.of() : directReferences(dominator);
            for (int node : below) {
                Stack above = stack(dominator);
                stacks.put(
                        node,
                        graph.isHolder(node)
                                ? new Stack(appended(above.frames, functionName(node)), above.pairs, above.rootLabels)
                                : objectStack(above, direct.get(graph.addressOf(node)), node));
                topDown.add(node);
            }
        }
    }

    /** By stack and labels, what stands exactly there in {@code roots.pb.gz}. */
    Map<String, Value> rootsSamples() {
        Map<String, Value> samples = new HashMap<>();
        for (int node : topDown) {
            if (!graph.isHolder(node)) {
                Stack stack = stack(node);
                Map<String, String> labels = new TreeMap<>(stack.rootLabels);
                labels.putAll(objectLabels(node));
                add(samples, stack.frames, labels, node);
            }
        }
        return samples;
    }

    /** By stack and labels, what stands exactly there in {@code inuse.pb.gz}. */
    Map<String, Value> inUseSamples() {
        Map<String, Value> samples = new HashMap<>();
        for (int node : topDown) {
            if (graph.isHolder(node)) {
                continue;
            }
            Map<String, String> labels = new TreeMap<>(stack(node).rootLabels);
            labels.remove("root");
            labels.putAll(objectLabels(node));
            long size = graph.shallowSize(node);
            long shown = size;
            if (!heap.types().get(graph.typeOf(node)).isArray() && isFixed(node)) {
                labels.put("bytes", size + " bytes");
            } else {
                for (shown = 1; shown < size; ) {
                    shown *= 2;
                }
                labels.put("bytes", (size == 0 ? 0 : shown) + " bytes");
            }
            String type = typeName(node);
            List<String> frames = new ArrayList<>();
            String element = type.replace("[]", "");
            if (!element.equals(type)
                    && List.of("boolean", "byte", "char", "short", "int", "long", "float", "double")
                            .contains(element)) {
                frames.add("(primitive arrays)");
            }
            for (int dot = element.indexOf('.'); dot >= 0; dot = element.indexOf('.', dot + 1)) {
                if (dot > 0) {
                    frames.add(element.substring(0, dot));
                }
            }
            frames.add(type);
            add(samples, frames, labels, node);
        }
        return samples;
    }

    /** By stack, the sum of what the topmost nodes mapped to it retain: those whose dominator has another stack. */
    Map<List<String>, Value> retainedOfTopmost() {
        Map<Integer, Value> retained = new HashMap<>();
        for (int i = topDown.size() - 1; i >= 0; i--) {
            int node = topDown.get(i);
            Value own = graph.isHolder(node) ? Value.NONE : new Value(1, graph.shallowSize(node));
            for (int child : children.getOrDefault(node, List.of())) {
                own = own.plus(retained.getOrDefault(child, Value.NONE));
            }
            if (own.bytes != dominators.retainedSize(node)) {
                throw new AssertionError("node " + node + " retains " + dominators.retainedSize(node));
            }
            retained.put(node, own);
        }
        Map<List<String>, Value> sums = new HashMap<>();
        for (int node : topDown) {
            int dominator = dominators.immediateDominator(node);
            List<String> frames = stack(node).frames;
            Value value = Objects.requireNonNull(retained.get(node));
            if (dominator == DominatorTree.VIRTUAL_ROOT) {
                // Kind of root and name of the holder stand above what they hold.
                int ownFrames = graph.isHolder(node) ? 0 : 1;
                for (int depth = 1; depth <= frames.size() - ownFrames; depth++) {
                    sums.merge(List.copyOf(frames.subList(0, depth)), value, Value::plus);
                }
                if (ownFrames == 0) {
                    continue;
                }
            }
            if (dominator == DominatorTree.VIRTUAL_ROOT || !frames.equals(stack(dominator).frames)) {
                sums.merge(frames, value, Value::plus);
            }
        }
        sums.values().removeIf(Value.NONE::equals);
        return sums;
    }

    /** The frames at which a reachable node stands, from the root. */
    List<String> frames(int node) {
        return stack(node).frames;
    }

    /** A node's type as frames name it; a class object is named by its class. */
    String name(int node) {
        DumpType mirrored = objectNames.classOf(node);
        return mirrored == null ? typeName(node) : "class " + shown(mirrored.name());
    }

    private Stack stack(int node) {
        return Objects.requireNonNull(stacks.get(node));
    }

    private boolean isFixed(int node) {
        // Class objects and others that are sized one by one differ within their type.
        return graph.fixedSize(graph.typeOf(node));
    }

    private void add(Map<String, Value> samples, List<String> frames, Map<String, String> labels, int node) {
        samples.merge(
                new ReadProfile.Sample(frames, labels, List.of()).key(),
                new Value(1, graph.shallowSize(node)),
                Value::plus);
    }

    private Map<String, String> objectLabels(int node) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("type", typeName(node));
        int loader = objectNames.loaderOf(graph.typeOf(node));
        if (loader >= 0) {
            labels.put("class_loader", shown(objectNames.loaderLabel(loader)));
        }
        Strength strength = heap.strength(node);
        labels.put("reachability", strength == null ? "unreachable" : strength.label());
        return labels;
    }

    private Stack rootStack(int node) {
        if (!rootNames.isNamed(node)) {
            Stack several = new Stack(List.of("(several roots)"), List.of(), Map.of("root_kind", "(several roots)"));
            return objectStack(several, "", node);
        }
        RootName name = rootNames.of(node);
        DumpThread thread = rootNames.threadOf(node);
        boolean named = thread != null && thread.kind() != DumpThread.Kind.GOROUTINE;
        String shown = named ? name.name().replaceAll("\\d+", "#") : shown(name.name());
        shown = shown.isEmpty() ? "(unnamed)" : shown;
        Map<String, String> labels =
                new TreeMap<>(Map.of("root_kind", name.kind().label(), "root", shown));
        if (thread != null && !thread.name().isEmpty()) {
            labels.put("thread", thread.name().replaceAll("\\d+", "#"));
        }
        Stack holder = new Stack(List.of(name.kind().label(), shown), List.of(), labels);
        return graph.isHolder(node) ? holder : objectStack(holder, "", node);
    }

    /** By address, the name of the first reference to it; what a frame of a thread holds has the name "". */
    private Map<Long, String> directReferences(int dominator) throws IOException {
        Map<Long, String> names = new HashMap<>();
        DumpRoots roots = heap.dump().roots();
        if (graph.isHolder(dominator)) {
            for (int i = 0; i < roots.heldCount(); i++) {
                if (roots.heldBy(i) == dominator - graph.objectCount()) {
                    names.put(roots.heldAddress(i), "");
                }
            }
            return names;
        }
        DumpType type = heap.types().get(graph.typeOf(dominator));
        if (type.hasClassObject()) {
            names.put(type.classAddress(), "<class>");
        }
        String left = heap.options().references() == SnapshotOptions.References.STRONG && type.referentSlot() >= 0
                ? type.referenceFields().get(type.referentSlot())
                : "";
        for (NamedReference reference : heap.dump().readReferences(graph.addressOf(dominator), Integer.MAX_VALUE)) {
            if (!reference.name().equals(left)) {
                names.putIfAbsent(reference.target(), reference.name());
            }
        }
        for (int i = 0; i < roots.ownedCount(); i++) {
            if (roots.ownedSource(i) == graph.addressOf(dominator)) {
                names.putIfAbsent(roots.ownedTarget(i), "<local>");
            }
        }
        return names;
    }

    private Stack objectStack(Stack above, @Nullable String reference, int node) {
        DumpType mirrored = objectNames.classOf(node);
        String type = mirrored == null ? typeName(node) : "class " + shown(mirrored.name());
        String via = reference == null ? "(shared)" : mirrored == null ? reference : "";
        String pair = via + "\n" + type;
        String leaf = above.frames.get(above.frames.size() - 1);
        boolean repeats = above.pairs.contains(pair);
        if (leaf.equals("(deeper)") || (repeats && leaf.startsWith("(recursive) "))) {
            return above;
        }
        if (above.frames.size() == 127) {
            return new Stack(appended(above.frames, "(deeper)"), above.pairs, above.rootLabels);
        }
        if (repeats) {
            return new Stack(appended(above.frames, "(recursive) " + type), above.pairs, above.rootLabels);
        }
        String name = via.isEmpty() ? type : via + " " + type;
        return new Stack(appended(above.frames, name), appended(above.pairs, pair), above.rootLabels);
    }

    private String functionName(int holder) {
        return FrameNames.function(rootNames.functionOf(holder));
    }

    private String typeName(int node) {
        return shown(heap.types().get(graph.typeOf(node)).name());
    }

    private static String shown(String name) {
        return FrameNames.type(name);
    }

    private static List<String> appended(List<String> list, String last) {
        List<String> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}

package dev.holdfast.heap;

import dev.holdfast.dump.DumpType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the Java library by class, with the fields of JDK 5 to 25. A class stands for its subclasses too;
 * where releases differ, the field that a rule needs tells which of several applies.
 */
final class KnownCollections {
    /** Wrappers around wrappers are followed so far; on damaged heaps they may go round in circles. */
    private static final int MOST_WRAPPERS = 100;

    /** A collection's shape, or where to find what it stands for. */
    private sealed interface Rule {
        String requiredField();

        record Own(CollectionShape shape) implements Rule {
            @Override
            public String requiredField() {
                return shape.requiredField();
            }
        }

        record Within(String requiredField, boolean keysOnly) implements Rule {}
    }

    /**
     * What was found.
     *
     * @param backing the object that has the shape: the collection itself, or what it wraps
     * @param keysOnly whether only the keys of that map count
     */
    record Match(int backing, CollectionShape shape, boolean keysOnly) {}

    private static final Map<String, List<Rule>> RULES = Map.ofEntries(
            // Lists and queues in arrays.
            Map.entry("java.util.ArrayList", own(new SequenceShapes.Filled("elementData", "size"))),
            Map.entry("java.util.Vector", own(new SequenceShapes.Filled("elementData", "elementCount"))),
            Map.entry("java.util.Arrays$ArrayList", own(new SequenceShapes.Filled("a", ""))),
            Map.entry("java.util.concurrent.CopyOnWriteArrayList", own(new SequenceShapes.Filled("array", ""))),
            Map.entry("java.util.ImmutableCollections$ListN", own(new SequenceShapes.Filled("elements", ""))),
            Map.entry("java.util.ImmutableCollections$SetN", own(new SequenceShapes.Filled("elements", "size"))),
            Map.entry("java.util.PriorityQueue", own(new SequenceShapes.Filled("queue", "size"))),
            Map.entry(
                    "java.util.concurrent.PriorityBlockingQueue",
                    List.of(new Rule.Own(new SequenceShapes.Filled("queue", "size")), new Rule.Within("q", false))),
            Map.entry("java.util.concurrent.DelayQueue", within("q", false)),
            Map.entry("java.util.ArrayDeque", own(new SequenceShapes.Ring("elements", "head", "tail", false))),
            Map.entry(
                    "java.util.concurrent.ArrayBlockingQueue",
                    own(new SequenceShapes.Ring("items", "takeIndex", "count", true))),
            // Lists and queues of nodes.
            Map.entry(
                    "java.util.LinkedList",
                    List.of(
                            new Rule.Own(new SequenceShapes.Chain("first", "item", "next", "size")),
                            new Rule.Own(new SequenceShapes.Chain("header", "element", "next", "size")))),
            Map.entry(
                    "java.util.concurrent.LinkedBlockingDeque",
                    own(new SequenceShapes.Chain("first", "item", "next", "count"))),
            Map.entry(
                    "java.util.concurrent.LinkedBlockingQueue",
                    own(new SequenceShapes.Chain("head", "item", "next", ""))),
            Map.entry(
                    "java.util.concurrent.ConcurrentLinkedQueue",
                    own(new SequenceShapes.Chain("head", "item", "next", ""))),
            Map.entry(
                    "java.util.concurrent.ConcurrentLinkedDeque",
                    own(new SequenceShapes.Chain("head", "item", "next", ""))),
            // A few elements, each in a field; List0, List1, List2 and their like are of JDK 9 and 10.
            Map.entry("java.util.ImmutableCollections$List0", fixed(false)),
            Map.entry("java.util.ImmutableCollections$List1", fixed(false, "e0")),
            Map.entry("java.util.ImmutableCollections$List2", fixed(false, "e0", "e1")),
            Map.entry("java.util.ImmutableCollections$List12", fixed(false, "e0", "e1")),
            Map.entry("java.util.ImmutableCollections$Set0", fixed(false)),
            Map.entry("java.util.ImmutableCollections$Set1", fixed(false, "e0")),
            Map.entry("java.util.ImmutableCollections$Set2", fixed(false, "e0", "e1")),
            Map.entry("java.util.ImmutableCollections$Set12", fixed(false, "e0", "e1")),
            Map.entry("java.util.Collections$EmptyList", fixed(false)),
            Map.entry("java.util.Collections$EmptySet", fixed(false)),
            Map.entry("java.util.Collections$SingletonList", fixed(true, "element")),
            Map.entry("java.util.Collections$SingletonSet", fixed(true, "element")),
            // Maps.
            Map.entry("java.util.HashMap", own(new MapShapes.Hash("size", "key", "value", "next", ""))),
            Map.entry(
                    "java.util.LinkedHashMap",
                    List.of(
                            new Rule.Own(new MapShapes.Linked("head", true)),
                            new Rule.Own(new MapShapes.Linked("header", false)))),
            Map.entry("java.util.Hashtable", own(new MapShapes.Hash("count", "key", "value", "next", ""))),
            Map.entry("java.util.Properties", within("map", false)),
            Map.entry("java.util.TreeMap", own(new MapShapes.Tree())),
            Map.entry("java.util.IdentityHashMap", own(new MapShapes.Pairs("NULL_KEY"))),
            Map.entry(
                    "java.util.WeakHashMap", own(new MapShapes.Hash("size", "referent", "value", "next", "NULL_KEY"))),
            Map.entry(
                    "java.lang.ThreadLocal$ThreadLocalMap",
                    own(new MapShapes.Hash("size", "referent", "value", "", ""))),
            Map.entry("java.util.EnumMap", own(new MapShapes.ByEnum())),
            Map.entry(
                    "java.util.concurrent.ConcurrentHashMap",
                    List.of(new Rule.Own(new MapShapes.Concurrent()), new Rule.Own(new MapShapes.Segmented()))),
            Map.entry("java.util.concurrent.ConcurrentSkipListMap", own(new MapShapes.SkipList())),
            Map.entry("java.util.ImmutableCollections$Map0", own(new MapShapes.Single("", ""))),
            Map.entry("java.util.ImmutableCollections$Map1", own(new MapShapes.Single("k0", "v0"))),
            Map.entry("java.util.ImmutableCollections$MapN", own(new MapShapes.Pairs(""))),
            Map.entry("java.util.Collections$EmptyMap", own(new MapShapes.Single("", ""))),
            Map.entry("java.util.Collections$SingletonMap", own(new MapShapes.Single("k", "v"))),
            // Sets that are maps inside, and enum sets.
            Map.entry("java.util.HashSet", within("map", true)),
            Map.entry("java.util.TreeSet", within("m", true)),
            Map.entry("java.util.concurrent.ConcurrentSkipListSet", within("m", true)),
            Map.entry("java.util.concurrent.ConcurrentHashMap$KeySetView", within("map", true)),
            Map.entry("java.util.concurrent.CopyOnWriteArraySet", within("al", false)),
            Map.entry("java.util.Collections$SetFromMap", within("m", true)),
            Map.entry("java.util.EnumSet", own(new SequenceShapes.EnumBits())),
            // Wrappers.
            Map.entry("java.util.Collections$UnmodifiableCollection", within("c", false)),
            Map.entry("java.util.Collections$SynchronizedCollection", within("c", false)),
            Map.entry("java.util.Collections$CheckedCollection", within("c", false)),
            Map.entry("java.util.Collections$UnmodifiableMap", within("m", false)),
            Map.entry("java.util.Collections$SynchronizedMap", within("m", false)),
            Map.entry("java.util.Collections$CheckedMap", within("m", false)),
            Map.entry("java.util.Collections$AsLIFOQueue", within("q", false)));

    private KnownCollections() {}

    private static List<Rule> own(CollectionShape shape) {
        return List.of(new Rule.Own(shape));
    }

    private static List<Rule> within(String field, boolean keysOnly) {
        return List.of(new Rule.Within(field, keysOnly));
    }

    private static List<Rule> fixed(boolean mayHoldNull, String... elements) {
        return own(new SequenceShapes.Fixed(List.of(elements), mayHoldNull));
    }

    /** What an object is as a collection, or null if it is none that is known. */
    static @Nullable Match find(ObjectFields fields, int object) throws IOException {
        int at = object;
        boolean keysOnly = false;
        for (int wrappers = 0; at >= 0 && wrappers < MOST_WRAPPERS; wrappers++) {
            Rule rule = rule(fields, at);
            if (rule instanceof Rule.Own own) {
                return new Match(at, own.shape(), keysOnly);
            }
            if (!(rule instanceof Rule.Within within)) {
                return null;
            }
            keysOnly |= within.keysOnly();
            at = fields.reference(at, within.requiredField());
        }
        return null;
    }

    private static @Nullable Rule rule(ObjectFields fields, int object) {
        return rule(fields.graph().types(), fields.type(object));
    }

    private static @Nullable Rule rule(List<DumpType> types, DumpType of) {
        DumpType type = of;
        for (int steps = 0; steps <= types.size(); steps++) {
            for (Rule rule : RULES.getOrDefault(type.name(), List.of())) {
                String field = rule.requiredField();
                if (field.isEmpty() || ObjectFields.has(types, of, field)) {
                    return rule;
                }
            }
            if (type.superType() < 0) {
                return null;
            }
            type = types.get(type.superType());
        }
        return null;
    }

    /** Where collections of a type keep how full they are, or null if they are none that are known. */
    static @Nullable CollectionLayout layout(List<DumpType> types, int type) {
        DumpType of = types.get(type);
        Rule rule = rule(types, of);
        if (rule instanceof Rule.Own own) {
            return limited(types, of, own.shape().layout());
        }
        return rule instanceof Rule.Within within && within.keysOnly()
                ? new CollectionLayout(CollectionLayout.Backing.KEYS, false, within.requiredField(), List.of())
                : null;
    }

    /** What the shape does not tell: collections that never change, and queues that have a limit. */
    private static CollectionLayout limited(List<DumpType> types, DumpType of, CollectionLayout layout) {
        DumpType type = of;
        for (int steps = 0; steps <= types.size(); steps++) {
            if (type.name().startsWith("java.util.ImmutableCollections$")) {
                return new CollectionLayout(CollectionLayout.Backing.FIXED, layout.isMap(), "", List.of());
            }
            if (type.name().equals("java.util.concurrent.LinkedBlockingDeque")) {
                return new CollectionLayout(CollectionLayout.Backing.NODES, false, "", List.of("count", "capacity"));
            }
            if (type.name().equals("java.util.concurrent.LinkedBlockingQueue")) {
                return new CollectionLayout(
                        CollectionLayout.Backing.COUNTED_NODES, false, "count", List.of("capacity"));
            }
            if (type.superType() < 0) {
                break;
            }
            type = types.get(type.superType());
        }
        return layout;
    }
}

package dev.holdfast.heap;

import dev.holdfast.testkit.Scenario;
import java.lang.Character.UnicodeScript;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Collections of the Java library, each beside what the JVM itself says that it holds. */
@SuppressWarnings("exports") // public for the launcher, which is on the class path
public final class CollectionScenario implements Scenario {
    /** Planets, as constants of an enum. */
    enum Planet {
        MERCURY,
        VENUS,
        EARTH
    }

    /** A string that collides with all others of its kind, so that bins become trees. */
    record Colliding(String text) implements Comparable<Colliding> {
        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public int compareTo(Colliding other) {
            return text.compareTo(other.text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A user's subclass. */
    static final class OwnMap extends HashMap<Object, Object> {
        private static final long serialVersionUID = 1;
        final String table2 = "not the table";
    }

    /** A user's collection, which is not known. */
    static final class OwnList extends java.util.AbstractList<String> {
        @Override
        public String get(int index) {
            return "x";
        }

        @Override
        public int size() {
            return 3;
        }
    }

    /** A collection with what the JVM says that it holds. */
    static final class Case {
        final String name;
        final Object collection;
        final boolean ordered;
        final boolean map;
        final int size;
        final String expected;

        Case(String name, Object collection, boolean ordered, boolean map, int size, String expected) {
            this.name = name;
            this.collection = collection;
            this.ordered = ordered;
            this.map = map;
            this.size = size;
            this.expected = expected;
        }
    }

    private final List<Case> cases = new ArrayList<>();
    private final List<Object> kept = new ArrayList<>();

    private void list(String name, Collection<?> collection) {
        add(name, collection, true);
    }

    private void set(String name, Collection<?> collection) {
        add(name, collection, false);
    }

    private void add(String name, Collection<?> collection, boolean ordered) {
        String expected = collection.stream()
                .filter(element -> element != null)
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
        cases.add(new Case(name, collection, ordered, false, collection.size(), expected));
    }

    private void map(String name, Map<?, ?> map, boolean ordered) {
        String expected = map.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("\n"));
        cases.add(new Case(name, map, ordered, true, map.size(), expected));
    }

    private static List<String> words(int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("word" + i);
        }
        return words;
    }

    private <M extends Map<Object, Object>> M filled(M map, int count) {
        for (String word : words(count)) {
            kept.add(word);
            map.put(word, word + "!");
        }
        return map;
    }

    private static <M extends Map<Object, Object>> M with(M map, @Nullable Object key, @Nullable Object value) {
        map.put(key, value);
        return map;
    }

    @Override
    @SuppressWarnings({"JdkObsolete", "NullAway"})
    public Object build() {
        sequences();
        queues();
        sets();
        maps();
        cases.add(new Case("unknown", new OwnList(), true, false, -1, ""));
        cases.add(new Case("none", "a string", true, false, -1, ""));
        return List.of(cases, kept);
    }

    @SuppressWarnings({"JdkObsolete", "NullAway"})
    private void sequences() {
        list("ArrayList", new ArrayList<>(words(20)));
        list("ArrayList empty", new ArrayList<>());
        list("ArrayList with nulls", new ArrayList<>(Arrays.asList("a", null, "b")));
        list("Vector", new Vector<>(words(5)));
        Stack<String> stack = new Stack<>();
        stack.addAll(words(3));
        list("Stack", stack);
        list("LinkedList", new LinkedList<>(words(20)));
        list("LinkedList empty", new LinkedList<>());
        list("Arrays.asList", Arrays.asList("x", "y"));
        list("List.of()", List.of());
        list("List.of(1)", List.of("one"));
        list("List.of(2)", List.of("one", "two"));
        list("List.of(n)", List.of("one", "two", "three"));
        list("toList with null", Arrays.asList("p", null, "q").stream().toList());
        list("emptyList", Collections.emptyList());
        list("singletonList", Collections.singletonList("single"));
        list("singletonList of null", Collections.singletonList(null));
        list("unmodifiableList", Collections.unmodifiableList(new ArrayList<>(words(4))));
        list(
                "unmodifiable of synchronized",
                Collections.unmodifiableCollection(Collections.synchronizedList(new LinkedList<>(words(4)))));
        list("checkedList", Collections.checkedList(new ArrayList<>(words(4)), String.class));
        list("CopyOnWriteArrayList", new CopyOnWriteArrayList<>(words(6)));
    }

    private void queues() {
        ArrayDeque<String> round = new ArrayDeque<>(8);
        round.addAll(words(7));
        round.removeFirst();
        round.removeFirst();
        round.removeFirst();
        round.addAll(List.of("r1", "r2", "r3"));
        list("ArrayDeque around the end", round);
        list("ArrayDeque empty", new ArrayDeque<>());
        ArrayDeque<String> front = new ArrayDeque<>();
        words(40).forEach(front::addFirst);
        list("ArrayDeque from the front", front);
        ArrayBlockingQueue<String> full = new ArrayBlockingQueue<>(4, false, words(4));
        full.poll();
        full.add("last");
        list("ArrayBlockingQueue full", full);
        list("ArrayBlockingQueue empty", new ArrayBlockingQueue<>(4));
        list("PriorityQueue", new PriorityQueue<>(words(12)));
        list("PriorityBlockingQueue", new PriorityBlockingQueue<>(words(12)));
        list("LinkedBlockingQueue", new LinkedBlockingQueue<>(words(5)));
        list("LinkedBlockingDeque", new LinkedBlockingDeque<>(words(5)));
        list("ConcurrentLinkedQueue", new ConcurrentLinkedQueue<>(words(5)));
        list("ConcurrentLinkedDeque", new ConcurrentLinkedDeque<>(words(5)));
    }

    private void sets() {
        set("HashSet", new HashSet<>(words(100)));
        set("HashSet empty", new HashSet<>());
        list("LinkedHashSet", new LinkedHashSet<>(words(100)));
        list("TreeSet", new TreeSet<>(words(100)));
        set("Set.of()", Set.of());
        set("Set.of(1)", Set.of("one"));
        set("Set.of(2)", Set.of("one", "two"));
        set("Set.of(n)", Set.of("one", "two", "three", "four"));
        set("singleton", Collections.singleton("single"));
        set("emptySet", Collections.emptySet());
        set("unmodifiableSet", Collections.unmodifiableSet(new HashSet<>(words(9))));
        list("ConcurrentSkipListSet", new ConcurrentSkipListSet<>(words(60)));
        list("CopyOnWriteArraySet", new CopyOnWriteArraySet<>(words(6)));
        Set<String> keys = ConcurrentHashMap.newKeySet();
        keys.addAll(words(30));
        set("ConcurrentHashMap.newKeySet", keys);
        Set<Object> identity = Collections.newSetFromMap(new IdentityHashMap<>());
        identity.addAll(words(5));
        set("newSetFromMap", identity);
        list("EnumSet", EnumSet.of(Planet.MERCURY, Planet.EARTH));
        list("EnumSet empty", EnumSet.noneOf(Planet.class));
        list(
                "EnumSet of many",
                EnumSet.of(UnicodeScript.LATIN, UnicodeScript.BRAHMI, UnicodeScript.CARIAN, UnicodeScript.NUSHU));
    }

    @SuppressWarnings({"JdkObsolete", "NullAway"})
    private void maps() {
        map("HashMap", filled(new HashMap<>(), 100), false);
        map("HashMap empty", new HashMap<>(), false);
        map("HashMap null key and value", with(with(filled(new HashMap<>(), 3), null, "v"), "k", null), false);
        HashMap<Object, Object> trees = new HashMap<>();
        ConcurrentHashMap<Object, Object> concurrentTrees = new ConcurrentHashMap<>();
        for (String word : words(100)) {
            trees.put(new Colliding(word), word);
            concurrentTrees.put(new Colliding(word), word);
        }
        map("HashMap of trees", trees, false);
        map("ConcurrentHashMap of trees", concurrentTrees, false);
        map("subclass of HashMap", filled(new OwnMap(), 10), false);
        map("LinkedHashMap", filled(new LinkedHashMap<>(), 50), true);
        map("LinkedHashMap by access", accessed(), true);
        map("TreeMap", filled(new TreeMap<>(), 200), true);
        map("TreeMap empty", new TreeMap<>(), true);
        map("Hashtable", filled(new Hashtable<>(), 30), false);
        map("Properties", filled(new Properties(), 10), false);
        map("ConcurrentHashMap", filled(new ConcurrentHashMap<>(), 300), false);
        map("ConcurrentHashMap empty", new ConcurrentHashMap<>(), false);
        ConcurrentSkipListMap<Object, Object> skipList = filled(new ConcurrentSkipListMap<>(), 200);
        skipList.remove("word17");
        map("ConcurrentSkipListMap", skipList, true);
        map("ConcurrentSkipListMap empty", new ConcurrentSkipListMap<>(), true);
        map("IdentityHashMap", with(with(filled(new IdentityHashMap<>(), 30), null, "v"), "k", null), false);
        WeakHashMap<Object, Object> weak = with(filled(new WeakHashMap<>(), 30), null, "v");
        map("WeakHashMap", weak, false);
        EnumMap<Planet, Object> planets = new EnumMap<>(Planet.class);
        planets.put(Planet.VENUS, "evening");
        planets.put(Planet.EARTH, null);
        map("EnumMap", planets, true);
        map("Map.of()", Map.of(), false);
        map("Map.of(1)", Map.of("k", "v"), false);
        map("Map.of(n)", Map.of("k1", "v1", "k2", "v2", "k3", "v3"), false);
        map("singletonMap", Collections.singletonMap("k", "v"), true);
        map("emptyMap", Collections.emptyMap(), true);
        map("unmodifiableMap", Collections.unmodifiableMap(filled(new LinkedHashMap<>(), 5)), true);
        map("synchronizedMap", Collections.synchronizedMap(filled(new TreeMap<>(), 5)), true);
        map("checkedMap", Collections.checkedMap(filled(new TreeMap<>(), 5), Object.class, Object.class), true);
    }

    private Map<Object, Object> accessed() {
        LinkedHashMap<Object, Object> byAccess = filled(new LinkedHashMap<>(16, 0.75f, true), 6);
        byAccess.get("word0");
        return byAccess;
    }
}

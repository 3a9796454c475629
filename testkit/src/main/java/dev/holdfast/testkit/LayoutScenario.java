package dev.holdfast.testkit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * A heap of every layout: three or more instances of each field layout, arrays of every kind and length 0 to 33, the JDK's collections, enums, records,
 * lambdas, threads in every state with locals, every kind of reference, a small planted leak and a canary string.
 */
@SuppressWarnings({"ArrayRecordComponent", "JdkObsolete", "UnnecessaryStringBuilder", "JavaUtilDate"})
public final class LayoutScenario implements Scenario {
    /** Elements in {@link Leak#CACHE}, each an {@link Entry} with a byte[128]. */
    public static final int LEAK_ENTRIES = 2000;

    /** Instances of each layout class. */
    public static final int INSTANCES = 4;

    /** Begins the one string that must be found in no output; built at run time, so that it is in no constant pool. */
    public static String canary() {
        return new StringBuilder("yranac-tsafdloh-").reverse() + "a1b2c3d4e5";
    }

    /** The state of each {@code scene-} thread by name; each also has a {@code ThreadScenes$Local} in a local of the frame {@code hold}. */
    public static Map<String, Thread.State> threadStates() {
        return ThreadScenes.STATES;
    }

    /** The classes whose layouts the scenario holds. */
    public static List<Class<?>> layoutClasses() {
        return List.of(LayoutClasses.class.getDeclaredClasses());
    }

    /** The planted leak: the class, its static field {@code CACHE} and what is in it. */
    static final class Leak {
        static final Map<String, Entry> CACHE = new HashMap<>();

        private Leak() {}
    }

    /** One element of the leak. */
    record Entry(String key, byte[] payload, Optional<Entry> previous) {}

    enum Plain {
        ONE,
        TWO,
        THREE
    }

    enum WithBodies implements IntSupplier {
        SMALL {
            @Override
            public int getAsInt() {
                return 1;
            }
        },
        LARGE {
            @Override
            public int getAsInt() {
                return 1000;
            }
        }
    }

    @Override
    public Object build() throws Exception {
        List<Object> kept = new ArrayList<>();
        kept.add(LayoutClasses.instances(INSTANCES));
        kept.add(arrays());
        for (int i = 0; i < INSTANCES; i++) {
            kept.add(collections(i));
            kept.add(values(i));
            kept.add(lambdas(i));
        }
        kept.add(graphs());
        kept.add(new Object[] {Plain.values(), WithBodies.values(), new String[] {canary(), canary()}});
        kept.add(ReferenceScenes.build());
        fillLeak();
        kept.add(ThreadScenes.start());
        return kept;
    }

    private static void fillLeak() {
        Optional<Entry> previous = Optional.empty();
        for (int i = 0; i < LEAK_ENTRIES; i++) {
            Entry entry = new Entry("key-" + i, new byte[128], i % 10 == 0 ? Optional.empty() : previous);
            Leak.CACHE.put(entry.key(), entry);
            previous = Optional.of(entry);
        }
    }

    private static Object arrays() {
        List<Object> kept = new ArrayList<>();
        for (int n = 0; n <= 33; n++) {
            kept.add(new boolean[n]);
            kept.add(new char[n]);
            kept.add(new float[n]);
            kept.add(new double[n]);
            kept.add(new byte[n]);
            kept.add(new short[n]);
            kept.add(new int[n]);
            kept.add(new long[n]);
            kept.add(new Object[n]);
            kept.add(new String[n]);
            kept.add(new int[n][]);
        }
        kept.add(new int[3][4][5]);
        kept.add(new LayoutClasses.Empty[2][3]);
        kept.add(new byte[300_000]);
        kept.add(new long[5000]);
        kept.add(new Object[5000]);
        return kept.toArray();
    }

    private static Object collections(int seed) {
        List<Object> kept = new ArrayList<>();
        kept.addAll(List.of(
                new ArrayList<>(), new LinkedList<>(), new HashMap<>(), new HashSet<>(), new TreeMap<>(), List.of()));
        List<Collection<Object>> lists = List.of(
                new ArrayList<>(),
                new LinkedList<>(),
                new ArrayDeque<>(),
                new HashSet<>(),
                new CopyOnWriteArrayList<>(),
                new LinkedBlockingQueue<>(),
                new PriorityQueue<>(Comparator.comparing(Object::toString)));
        List<Map<Object, Object>> maps = List.of(
                new HashMap<>(),
                new LinkedHashMap<>(),
                new TreeMap<>(),
                new ConcurrentHashMap<>(),
                new ConcurrentSkipListMap<>(),
                new IdentityHashMap<>(),
                new java.util.Hashtable<>());
        for (int i = 0; i < 40; i++) {
            String text = "element-" + seed + "-" + i;
            lists.forEach(list -> list.add(text));
            maps.forEach(map -> map.put(text, text.length()));
        }
        EnumMap<Plain, Object> enumMap = new EnumMap<>(Plain.class);
        enumMap.put(Plain.TWO, seed);
        BitSet bits = new BitSet();
        bits.set(100 + seed);
        kept.addAll(lists);
        kept.addAll(maps);
        kept.addAll(List.of(
                enumMap,
                EnumSet.of(Plain.ONE, Plain.THREE),
                bits,
                List.of(1, 2, 3 + seed),
                List.of(1),
                Map.of("a", 1),
                Map.of("a", 1, "b", 2, "c", seed),
                java.util.Set.of(seed, -1, -2, -3),
                java.util.Collections.unmodifiableList(new ArrayList<>(List.of(seed)))));
        return kept;
    }

    private static Object values(int seed) {
        LongAdder adder = new LongAdder();
        adder.add(seed);
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        return new Object[] {
            1000 + seed,
            1000L + seed,
            1000.0 + seed,
            1000f + seed,
            (short) (1000 + seed),
            (char) (1000 + seed),
            BigInteger.TWO.pow(200 + seed),
            new BigDecimal("1234567890.0123456789").add(BigDecimal.valueOf(seed)),
            new UUID(seed, seed),
            LocalDate.of(2000, 1, 1 + seed),
            ZonedDateTime.of(2000, 1, 1, 0, 0, 0, seed, java.time.ZoneOffset.UTC),
            new AtomicInteger(seed),
            new AtomicLong(seed),
            new AtomicReference<>(new Object()),
            adder,
            new ReentrantLock(),
            lock,
            new StringBuilder("builder-").append(seed),
            "latin-" + seed,
            "h\u00f6her-\u4e2d\u6587-" + seed,
            Optional.of(seed),
            new Throwable("throwable-" + seed),
            new ThreadLocal<>(),
            new java.util.Random(seed),
            new java.util.Date(seed),
            java.util.regex.Pattern.compile("(a|b)*c{" + (seed + 1) + "}")
        };
    }

    private static Object lambdas(int seed) {
        Object captured = new Object();
        Supplier<Object> one = () -> captured;
        Supplier<Object> two = () -> List.of(captured, seed);
        IntSupplier primitive = () -> seed;
        Runnable none = () -> {};
        Supplier<Object> reference = captured::toString;
        Supplier<Object> anonymous = new Supplier<>() {
            @Override
            public Object get() {
                return captured;
            }
        };
        return new Object[] {one, two, primitive, none, reference, anonymous};
    }

    /** Shapes for dominators: a diamond, a cycle, a self-loop, lists. */
    private static Object graphs() {
        LayoutClasses.Node left = new LayoutClasses.Node();
        LayoutClasses.Node right = new LayoutClasses.Node();
        LayoutClasses.Node bottom = new LayoutClasses.Node();
        left.next = bottom;
        right.next = bottom;
        LayoutClasses.Node cycle = new LayoutClasses.Node();
        LayoutClasses.Node back = new LayoutClasses.Node();
        cycle.next = back;
        back.next = cycle;
        LayoutClasses.Node self = new LayoutClasses.Node();
        self.next = self;
        LayoutClasses.Node first = new LayoutClasses.Node();
        LayoutClasses.Node last = first;
        for (int i = 0; i < 3000; i++) {
            LayoutClasses.Node node = new LayoutClasses.Node();
            last.next = node;
            node.previous = i % 2 == 0 ? last : null;
            last = node;
        }
        return new Object[] {new Object[] {left, right}, cycle, self, first};
    }
}

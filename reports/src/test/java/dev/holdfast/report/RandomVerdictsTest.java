package dev.holdfast.report;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.roots.Verdict.Reason;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeObject;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.RandomGraphs;
import dev.holdfast.testkit.TestGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verdicts on random heaps, of Java and of Go: all that a suspect says of itself is found again the slow way. */
class RandomVerdictsTest {
    private static final int NODES = 60;
    private static final int TYPES = 5;
    private static final int FIELDS = 4;

    /** How often each answer was given: a test in which none has a suspect would show nothing. */
    private static final Map<Reason, Integer> REASONS = new EnumMap<>(Reason.class);

    @TempDir
    Path folder = Path.of("");

    static IntStream javaSeeds() {
        return IntStream.range(0, 80);
    }

    static IntStream goSeeds() {
        return IntStream.range(0, 300);
    }

    @BeforeAll
    static void forget() {
        REASONS.clear();
    }

    @AfterAll
    static void mostHaveSuspects() {
        assertThat(REASONS.getOrDefault(Reason.SUSPECTS, 0)).as("%s", REASONS).isGreaterThan(100);
        assertThat(REASONS).containsKeys(Reason.SMALL, Reason.HARMLESS, Reason.GARBAGE);
    }

    private static void note(Reason reason) {
        REASONS.merge(reason, 1, Integer::sum);
    }

    @ParameterizedTest
    @MethodSource("javaSeeds")
    void aSuspectOfAJavaHeapIsWhatItSays(int seed) throws IOException {
        RandomJavaHeap random = new RandomJavaHeap(seed);
        Path dump = folder.resolve("heap.hprof");
        random.builder.toFile(dump);
        try (JudgedHeap heap = JudgedHeap.open(dump)) {
            note(heap.verdict().reason());
            new CheckedVerdict(heap, (source, via, target) -> random.edges.contains(edge(source, via, target)))
                    .check("seed " + seed);
        }
    }

    private static String edge(long source, String via, long target) {
        return source + " " + via + " " + target;
    }

    /** Mostly little; sometimes so much that it stands out. */
    private static int size(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> 1 << 19;
            case 1, 2 -> random.nextInt(1 << 19);
            case 3, 4, 5 -> random.nextInt(1 << 16);
            default -> random.nextInt(1 << 10);
        };
    }

    /** Instances, arrays and references that are strong or not, held by static fields, locals, threads and native code. */
    private static final class RandomJavaHeap {
        private final HeapBuilder builder = new HeapBuilder();
        private final Set<String> edges = new HashSet<>();
        private final Random random;
        private final List<FakeClass> classes = new ArrayList<>();
        private final FakeClass soft;
        private final FakeClass weak;

        RandomJavaHeap(int seed) {
            random = new Random(seed);
            FakeClass reference = builder.shared("java.lang.ref.Reference").field("referent", OBJECT);
            soft = builder.shared("java.lang.ref.SoftReference").extending(reference);
            weak = builder.shared("java.lang.ref.WeakReference").extending(reference);
            for (int i = 0; i < TYPES; i++) {
                FakeClass type = builder.classNamed("com.example.T" + i);
                for (int field = 0; field < FIELDS; field++) {
                    type.field("f" + field, OBJECT);
                }
                classes.add(type.field("payload", OBJECT));
            }
            classes.add(builder.classNamed("java.util.Box").field("f0", OBJECT).field("payload", OBJECT));
            TestGraph graph = RandomGraphs.graph(seed, NODES);
            List<FakeObject> nodes = new ArrayList<>();
            for (int[] successors : graph.successors()) {
                nodes.add(node(successors.length));
            }
            for (int i = 0; i < nodes.size(); i++) {
                link(nodes.get(i), graph.successors()[i], nodes);
            }
            for (int root : graph.roots()) {
                hold(nodes.get(root));
            }
            for (int more = random.nextInt(6); more > 0; more--) {
                hold(nodes.get(random.nextInt(nodes.size())));
            }
        }

        private FakeObject node(int successors) {
            return switch (random.nextInt(8)) {
                case 0, 1 -> builder.arrayOfLength(builder.javaLangObject(), successors + 1);
                case 2 -> builder.instance(random.nextBoolean() ? soft : weak);
                default -> builder.instance(classes.get(random.nextInt(classes.size())));
            };
        }

        private void link(FakeObject source, int[] successors, List<FakeObject> nodes) {
            FakeObject payload = builder.zeros(BYTE, size(random));
            if (source instanceof FakeArray array) {
                for (int i = 0; i < successors.length; i++) {
                    array.set(i, note(source, "[]", nodes.get(successors[i])));
                }
                array.set(successors.length, note(source, "[]", payload));
                return;
            }
            FakeInstance instance = (FakeInstance) source;
            List<String> fields = switch (instance.type().internalName()) {
                case "java/lang/ref/SoftReference", "java/lang/ref/WeakReference" -> List.of("referent");
                case "java/util/Box" -> List.of("f0");
                default -> List.of("f0", "f1", "f2", "f3");
            };
            if (fields.size() == 1 && successors.length > 0 && random.nextBoolean()) {
                instance.set(fields.get(0), note(source, fields.get(0), nodes.get(successors[0])));
                return;
            }
            for (int i = 0; i < Math.min(successors.length, fields.size()); i++) {
                instance.set(fields.get(i), note(source, fields.get(i), nodes.get(successors[i])));
            }
            String last = fields.get(0).equals("referent") ? "referent" : "payload";
            if (!last.equals("referent") || successors.length == 0) {
                instance.set(last, note(source, last, payload));
            }
        }

        private FakeRef note(FakeRef source, String via, FakeRef target) {
            edges.add(edge(source.address(), via, target.address()));
            return target;
        }

        private void hold(FakeObject held) {
            switch (random.nextInt(4)) {
                case 0 -> builder.root(FakeRoot.JNI_GLOBAL, held);
                case 1 -> {
                    FakeThread thread = builder.thread("worker-" + random.nextInt(3));
                    thread.frame(classes.get(0), "run", "T0.java", 1).local(held);
                }
                default -> {
                    FakeClass holder = builder.classNamed("com.example.Holder" + random.nextInt(3));
                    holder.staticField("held", note(holder, "static held", held));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goSeeds")
    void aSuspectOfAGoHeapIsWhatItSays(int seed) throws IOException {
        Random random = new Random(seed);
        TestGraph graph = RandomGraphs.graph(seed, NODES);
        FakeGoDump dump = new FakeGoDump();
        long[] nodes = new long[graph.nodes()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = dump.object(goType(random), 8 + 8 * size(random));
        }
        Set<String> edges = new HashSet<>();
        for (int i = 0; i < nodes.length; i++) {
            for (int successor : graph.successors()[i]) {
                String via = dump.link(nodes[i], nodes[successor]);
                edges.add(edge(nodes[i], via, nodes[successor]));
            }
        }
        for (int root : graph.roots()) {
            holdInGo(dump, random, nodes[root]);
        }
        for (int more = random.nextInt(6); more > 0; more--) {
            holdInGo(dump, random, nodes[random.nextInt(nodes.length)]);
        }
        try (JudgedHeap heap = JudgedHeap.of(dump.open())) {
            note(heap.verdict().reason());
            new CheckedVerdict(heap, (source, via, target) -> edges.contains(edge(source, via, target)))
                    .check("seed " + seed);
        }
    }

    private static String goType(Random random) {
        List<String> types = List.of(
                "main.server", "main.session", "main.node", "[]*main.node", "map[string]*main.node", "runtime.sudog");
        return types.get(random.nextInt(types.size()));
    }

    private static void holdInGo(FakeGoDump dump, Random random, long held) {
        if (random.nextInt(3) > 0) {
            dump.global("main.v" + random.nextInt(1000), held);
            return;
        }
        DumpThread thread = FakeGoDump.waiting(
                random.nextInt(1000),
                random.nextBoolean() ? "main.worker" : "main.serve",
                Map.of(),
                FakeGoDump.frame("main.step", 7),
                FakeGoDump.frame("main.worker", 9));
        dump.variable(dump.goroutine(thread), random.nextInt(2), "x", held);
    }
}

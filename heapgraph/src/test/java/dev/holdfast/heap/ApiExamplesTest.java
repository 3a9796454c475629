package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgrapht.Graph;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.lca.NaiveLCAFinder;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.AsSubgraph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.nio.DefaultAttribute;
import org.jgrapht.nio.dot.DOTExporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/api.md, compiled and run; what stands between the markers is what the page shows. */
class ApiExamplesTest {
    private static final String SOURCE = "src/test/java/dev/holdfast/heap/ApiExamplesTest.java";

    @TempDir
    Path folder;

    private Path dump = Path.of("app.hprof");
    private HeapSnapshot heap;
    private long sessionAddress;
    private final List<Object> shown = new ArrayList<>();

    /** A shop whose cache holds two sessions. */
    @BeforeEach
    void open() throws IOException {
        HeapBuilder built = new HeapBuilder();
        FakeClass session =
                built.classNamed("com.acme.Session").field("user", OBJECT).field("visits", INT);
        FakeClass node = built.classNamed("java.util.HashMap$Node")
                .field("key", OBJECT)
                .field("value", OBJECT)
                .field("next", OBJECT);
        FakeClass map =
                built.classNamed("java.util.HashMap").field("table", OBJECT).field("size", INT);
        List<FakeRef> nodes = new ArrayList<>();
        for (String user : List.of("ada", "grace")) {
            FakeInstance one =
                    built.instance(session).set("user", built.string(user)).set("visits", 7);
            sessionAddress = one.address();
            nodes.add(built.instance(node)
                    .set("key", built.string("id of " + user))
                    .set("value", one));
        }
        FakeInstance sessions = built.instance(map)
                .set("table", built.array(node, nodes.toArray(new FakeRef[0])))
                .set("size", 2);
        built.classNamed("com.acme.Shop").staticField("sessions", sessions);
        dump = folder.resolve("app.hprof");
        built.toFile(dump);
        heap = Holdfast.open(dump);
    }

    @AfterEach
    void close() throws IOException {
        heap.close();
    }

    private void show(Object what) {
        shown.add(what);
    }

    @Test
    void opening() throws IOException {
        // example: open
        try (HeapSnapshot heap = Holdfast.open(dump)) {
            show(heap.totals().reachableObjects() + " objects, " + heap.totals().reachableBytes() + " bytes");
            for (DumpWarning warning : heap.warnings()) {
                show(warning.text());
            }
        }
        // end
        assertThat(shown).first().asString().endsWith(" bytes");
    }

    @Test
    void options() throws IOException {
        // example: options
        DumpOptions reading = DumpOptions.DEFAULT.withStrict(true).withThreads(2);
        SnapshotOptions building = SnapshotOptions.DEFAULT
                .withReferences(SnapshotOptions.References.STRONG)
                .withMemory(SnapshotOptions.Memory.MAPPED)
                .withWorkDir(folder);
        try (HeapSnapshot strong = Holdfast.open(dump, reading, building, Progress.NONE)) {
            show(strong.identities());
        }
        // end
        assertThat(shown).hasSize(1);
    }

    @Test
    void reopening() throws IOException {
        Path index = folder.resolve("app.idx");
        // example: reopen
        heap.saveIndex(index);
        try (HeapSnapshot again = Holdfast.reopen(index)) {
            show(again.totals().reachableBytes());
            show(again.objectAt(again.largestObjects(1)[0]).type());
        }
        try (HeapSnapshot again = Holdfast.reopen(index, dump)) {
            show(again.object(sessionAddress).orElseThrow().field("visits").asLong());
        }
        // end
        assertThat(shown.get(0)).isEqualTo(heap.totals().reachableBytes());
        assertThat(shown.get(2)).isEqualTo(7L);
    }

    @Test
    void objectsOfAType() {
        // example: objects
        long visits = heap.objects("com.acme.Session")
                .filter(HeapObject::isReachable)
                .mapToLong(session -> session.field("visits").asLong())
                .sum();
        HeapObject session = heap.object(sessionAddress).orElseThrow();
        show(session.type().name() + ", " + session.shallowSize() + " of " + session.retainedSize() + " bytes");
        show(session.field("user").object().flatMap(HeapObject::text).orElse("nobody"));
        // end
        assertThat(visits).isEqualTo(14);
        assertThat(shown.get(0)).asString().startsWith("com.acme.Session, 24 of ");
        assertThat(shown.get(1)).isEqualTo("grace");
    }

    @Test
    void statics() {
        // example: statics
        HeapObject shop =
                heap.type("com.acme.Shop").flatMap(HeapType::classObject).orElseThrow();
        HeapObject sessions = shop.field("sessions").object().orElseThrow();
        // end
        assertThat(sessions.type().name()).isEqualTo("java.util.HashMap");
    }

    @Test
    void collections() {
        HeapObject sessions = heap.objects("java.util.HashMap").findFirst().orElseThrow();
        // example: collections
        HeapCollection map = sessions.asCollection().orElseThrow();
        show(map.size() + " in " + map.capacity().orElseThrow() + " places");
        map.entries().forEach(entry -> {
            if (entry.key() != null && entry.value() != null) {
                show(entry.key().text().orElseThrow() + ": " + entry.value().retainedSize());
            }
        });
        // end
        assertThat(shown).hasSize(3).first().isEqualTo("2 in 2 places");
        assertThat(shown.get(1)).asString().startsWith("id of ada: ");
    }

    @Test
    void referrers() {
        // example: referrers
        HeapObject session = heap.object(sessionAddress).orElseThrow();
        session.references()
                .forEach(reference ->
                        show(reference.name() + " -> " + reference.target().type()));
        session.referrers().forEach(reference -> show(reference.source().type() + "." + reference.name()));
        session.immediateDominator().ifPresent(holder -> show("held by " + holder.type()));
        // end
        assertThat(shown)
                .containsExactly(
                        "<class> -> java.lang.Class",
                        "user -> java.lang.String",
                        "java.util.HashMap$Node.value",
                        "held by java.util.HashMap$Node");
    }

    @Test
    void largest() {
        // example: largest
        List<HeapObject> largest = heap.objects()
                .filter(object -> object.asType().isEmpty())
                .sorted(Comparator.comparingLong(HeapObject::retainedSize).reversed())
                .limit(3)
                .toList();
        // end
        assertThat(largest.get(0).type().name()).isEqualTo("java.util.HashMap");
        assertThat(largest.get(1).type().name()).isEqualTo("java.util.HashMap$Node[]");
    }

    @Test
    void tierOne() {
        // example: columns
        ObjectGraph graph = heap.graph();
        long[] bytes = new long[graph.types().size()];
        long loops = 0;
        for (int object = 0; object < graph.objectCount(); object++) {
            if (heap.reachable(object)) {
                bytes[graph.typeOf(object)] += graph.shallowSize(object);
                for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                    loops += graph.target(r) == object ? 1 : 0;
                }
            }
        }
        // end
        HeapType type = heap.type("com.acme.Session").orElseThrow();
        assertThat(bytes[type.index()]).isEqualTo(type.shallowSize()).isEqualTo(48);
        assertThat(loops).isZero();
    }

    @Test
    void paths() {
        HeapObject from =
                heap.type("com.acme.Shop").flatMap(HeapType::classObject).orElseThrow();
        HeapObject to = heap.object(sessionAddress).orElseThrow();
        // example: path
        ObjectGraphView objects = ObjectGraphView.of(heap);
        GraphPath<HeapObject, HeapReference> path = new BFSShortestPath<>(objects).getPath(from, to);
        show(path.getEdgeList().stream().map(HeapReference::name).collect(Collectors.joining(" > ")));
        // end
        assertThat(shown).containsExactly("static sessions > table > [] > value");
    }

    @Test
    void cycles() {
        // example: cycles
        List<Set<HeapType>> cycles = new KosarajuStrongConnectivityInspector<>(TypeGraph.of(heap, heap::reachable))
                .stronglyConnectedSets().stream()
                        .filter(types -> types.size() > 1)
                        .toList();
        // end
        assertThat(cycles).isEmpty();
    }

    @Test
    void commonHolder() {
        List<HeapObject> sessions = heap.objects("com.acme.Session").toList();
        // example: common
        DominatorForest dominators = DominatorForest.of(heap);
        HeapObject holder = new NaiveLCAFinder<>(dominators).getLCA(sessions.get(0), sessions.get(1));
        // end
        assertThat(holder.type().name()).isEqualTo("java.util.HashMap$Node[]");
    }

    @Test
    void export() {
        HeapObject map = heap.objects("java.util.HashMap").findFirst().orElseThrow();
        // example: export
        Set<HeapObject> chosen = heap.objects()
                .filter(object -> object.equals(map)
                        || object.immediateDominator().filter(map::equals).isPresent())
                .collect(Collectors.toSet());
        Graph<HeapObject, HeapReference> part = new AsSubgraph<>(ObjectGraphView.of(heap), chosen);
        DOTExporter<HeapObject, HeapReference> exporter = new DOTExporter<>(object -> "o" + object.index());
        exporter.setVertexAttributeProvider(object ->
                Map.of("label", DefaultAttribute.createAttribute(object.type().name())));
        StringWriter dot = new StringWriter();
        exporter.exportGraph(part, dot);
        // end
        assertThat(dot.toString()).contains("java.util.HashMap$Node[]").contains("->");
    }

    @Test
    void dominatorsOfAnyGraph() {
        // example: dominators
        Graph<String, DefaultEdge> modules = new DirectedPseudograph<>(DefaultEdge.class);
        List.of("main", "web", "batch", "store", "driver").forEach(modules::addVertex);
        modules.addEdge("main", "web");
        modules.addEdge("main", "batch");
        modules.addEdge("web", "store");
        modules.addEdge("batch", "store");
        modules.addEdge("store", "driver");
        Dominators<String, DefaultEdge> dominators = new Dominators<>(modules, "main");
        show(dominators.immediateDominator("driver").orElseThrow());
        show(dominators.immediateDominator("store").orElseThrow());
        show(dominators.dominates("web", "store"));
        // end
        assertThat(shown).containsExactly("store", "main", false);
    }

    // ---- the page

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("docs").resolve("api.md"))) {
                return at;
            }
        }
        throw new AssertionError("no docs/api.md above " + Path.of("").toAbsolutePath());
    }

    /** The lines between the markers of each example, without the margin that they share. */
    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        List<String> lines = null;
        for (String line : Files.readAllLines(root().resolve("heapgraph").resolve(SOURCE))) {
            if (line.startsWith("        // example: ")) {
                lines = new ArrayList<>();
            } else if (line.equals("        // end") && lines != null) {
                examples.add(String.join("\n", lines));
                lines = null;
            } else if (lines != null) {
                lines.add(line.isBlank() ? "" : line.substring(8));
            }
        }
        return examples;
    }

    private static List<String> snippets() throws IOException {
        List<String> snippets = new ArrayList<>();
        List<String> lines = null;
        for (String line : Files.readAllLines(root().resolve("docs").resolve("api.md"))) {
            if (line.equals("```java")) {
                lines = new ArrayList<>();
            } else if (line.equals("```") && lines != null) {
                snippets.add(String.join("\n", lines));
                lines = null;
            } else if (lines != null) {
                lines.add(line);
            }
        }
        return snippets;
    }

    @Test
    void thePageShowsExactlyTheExamplesThatRunHere() throws IOException {
        assertThat(snippets()).isEqualTo(examples()).hasSize(14);
    }
}

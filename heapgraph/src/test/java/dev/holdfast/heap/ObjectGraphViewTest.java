package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jgrapht.Graph;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.alg.shortestpath.DijkstraShortestPath;
import org.jgrapht.graph.AsSubgraph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.graph.MaskSubgraph;
import org.jgrapht.nio.DefaultAttribute;
import org.jgrapht.nio.dot.DOTExporter;
import org.jgrapht.nio.dot.DOTImporter;
import org.jgrapht.nio.graphml.GraphMLExporter;
import org.jgrapht.nio.graphml.GraphMLImporter;
import org.jgrapht.traverse.BreadthFirstIterator;
import org.jgrapht.util.SupplierUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectGraphViewTest {
    @TempDir
    Path folder;

    private final HeapBuilder built = new HeapBuilder();
    private final FakeClass node = built.classNamed("com.example.Node")
            .field("a", OBJECT)
            .field("b", OBJECT)
            .field("c", OBJECT);

    /** A ring of three, a tail, an object that refers to itself, a twin reference, a thread with a frame. */
    private List<FakeInstance> ring() {
        List<FakeInstance> nodes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            nodes.add(built.instance(node));
        }
        nodes.get(0).set("a", nodes.get(1)).set("b", nodes.get(1));
        nodes.get(1).set("a", nodes.get(2));
        nodes.get(2).set("a", nodes.get(0)).set("b", nodes.get(3));
        nodes.get(3).set("a", nodes.get(4));
        nodes.get(4).set("a", nodes.get(4)).set("b", nodes.get(4));
        built.thread("main")
                .frame(node, "run", "Node.java", 1)
                .local(nodes.get(0))
                .local(nodes.get(3));
        return nodes;
    }

    private static Graph<HeapObject, HeapReference> withoutClasses(ObjectGraphView view) {
        return new MaskSubgraph<>(view, vertex -> false, HeapReference::isToClass);
    }

    @Test
    void theViewKeepsWhatJGraphTPromises() throws IOException {
        ring();
        try (HeapSnapshot heap = Dumps.open(built, folder);
                HeapSnapshot other = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            GraphContract.consistent(view);
            ObjectGraphView foreign = ObjectGraphView.of(other);
            GraphContract.readOnlyAndClosed(
                    view,
                    foreign.vertexSet().iterator().next(),
                    foreign.edgeSet().iterator().next());
            assertThat(view.getType().isAllowingSelfLoops()).isTrue();
            assertThat(view.getType().isAllowingMultipleEdges()).isTrue();
            assertThat(view.getType().isWeighted()).isFalse();
            assertThat(view)
                    .hasToString("ObjectGraphView of " + heap.graph().objectCount() + " vertices and "
                            + view.edgeSet().size() + " edges");
        }
    }

    @Test
    void realHeapsKeepItToo() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Holdfast.open(Fixtures.java().orElseThrow().resolve("sun_jdk5_64bit.hprof.gz"))) {
            GraphContract.consistent(ObjectGraphView.of(heap));
        }
    }

    @Test
    void loopsAndTwinReferencesAreEdgesOfTheirOwn() throws IOException {
        List<FakeInstance> nodes = ring();
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            HeapObject first = Dumps.handle(heap, nodes.get(0));
            HeapObject second = Dumps.handle(heap, nodes.get(1));
            HeapObject loop = Dumps.handle(heap, nodes.get(4));
            assertThat(view.getAllEdges(first, second))
                    .extracting(HeapReference::name)
                    .containsExactly("a", "b");
            assertThat(view.getAllEdges(loop, loop)).hasSize(2);
            assertThat(view.inDegreeOf(loop)).isEqualTo(3);
            assertThat(view.outDegreeOf(loop)).as("two loops and the class").isEqualTo(3);
            assertThat(view.degreeOf(loop)).isEqualTo(6);
            assertThat(view.edgesOf(loop)).hasSize(4);
            assertThat(view.incomingEdgesOf(first)).as("not from the frame").hasSize(1);
            HeapObject type = Dumps.handle(heap, node);
            assertThat(view.incomingEdgesOf(type)).hasSize(6).allMatch(HeapReference::isToClass);
        }
    }

    @Test
    void breadthFirstSearchVisitsWhatAnObjectReaches() throws IOException {
        List<FakeInstance> nodes = ring();
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            Graph<HeapObject, HeapReference> graph = withoutClasses(ObjectGraphView.of(heap));
            List<HeapObject> visited = new ArrayList<>();
            new BreadthFirstIterator<>(graph, Dumps.handle(heap, nodes.get(1))).forEachRemaining(visited::add);
            assertThat(visited)
                    .extracting(HeapObject::address)
                    .containsExactly(
                            nodes.get(1).address(),
                            nodes.get(2).address(),
                            nodes.get(0).address(),
                            nodes.get(3).address(),
                            nodes.get(4).address());
        }
    }

    @Test
    void shortestPathsGoThroughTheFieldsThatASourceWouldName() throws IOException {
        List<FakeInstance> nodes = ring();
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            HeapObject from = Dumps.handle(heap, nodes.get(0));
            HeapObject to = Dumps.handle(heap, nodes.get(4));
            for (GraphPath<HeapObject, HeapReference> path : List.of(
                    new DijkstraShortestPath<>(view).getPath(from, to),
                    new BFSShortestPath<>(view).getPath(from, to))) {
                assertThat(path.getVertexList())
                        .extracting(HeapObject::address)
                        .containsExactly(
                                nodes.get(0).address(),
                                nodes.get(1).address(),
                                nodes.get(2).address(),
                                nodes.get(3).address(),
                                nodes.get(4).address());
                assertThat(path.getEdgeList().subList(1, 4))
                        .extracting(HeapReference::name)
                        .containsExactly("a", "b", "a");
                assertThat(path.getWeight()).isEqualTo(4);
            }
            assertThat(new BFSShortestPath<>(view).getPath(to, from)).isNull();
        }
    }

    @Test
    void componentsAreTheRingAndSingleObjects() throws IOException {
        List<FakeInstance> nodes = ring();
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            List<Set<HeapObject>> components = new KosarajuStrongConnectivityInspector<>(view).stronglyConnectedSets();
            Set<HeapObject> ring = Set.of(
                    Dumps.handle(heap, nodes.get(0)),
                    Dumps.handle(heap, nodes.get(1)),
                    Dumps.handle(heap, nodes.get(2)));
            HeapObject classOfClasses =
                    heap.type("java.lang.Class").flatMap(HeapType::classObject).orElseThrow();
            // Class is an Object, and Object's class object is a Class.
            Set<HeapObject> classes = Set.of(classOfClasses, Dumps.handle(heap, built.javaLangObject()));
            assertThat(components.stream().mapToInt(Set::size).sum())
                    .isEqualTo(heap.graph().objectCount());
            assertThat(components.stream().filter(set -> set.size() > 1)).containsExactlyInAnyOrder(ring, classes);
            assertThat(view.containsEdge(classOfClasses, classOfClasses)).isTrue();
        }
    }

    @Test
    void aListOfAHundredThousandOverflowsNoStackWithKosaraju() throws IOException {
        FakeRef previous = FakeRef.NULL;
        for (int i = 0; i < 100_000; i++) {
            previous = built.instance(node).set("a", previous);
        }
        built.root(FakeRoot.JNI_GLOBAL, previous);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            int components = new KosarajuStrongConnectivityInspector<>(view)
                    .stronglyConnectedSets()
                    .size();
            assertThat(components)
                    .as("each alone, but the classes Class and Object")
                    .isEqualTo(heap.graph().objectCount() - 1);
        }
    }

    @Test
    void oneArrayOfManyIsAskedFromBothSidesInReasonableTime() throws IOException {
        FakeArray star = built.arrayOfLength(built.javaLangObject(), 60_000);
        for (int i = 0; i < star.length(); i++) {
            star.set(i, built.instance(node).set("a", star));
        }
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            ObjectGraphView view = ObjectGraphView.of(heap);
            long in = 0;
            for (HeapObject object : view.vertexSet()) {
                in += view.incomingEdgesOf(object).stream()
                        .filter(edge -> !edge.isToClass())
                        .count();
            }
            assertThat(in).isEqualTo(heap.graph().referenceCount());
            assertThat(view.outDegreeOf(Dumps.handle(heap, star))).isEqualTo(60_001);
        }
    }

    private static Set<String> edges(Graph<String, DefaultEdge> graph) {
        Set<String> edges = new TreeSet<>();
        for (DefaultEdge edge : graph.edgeSet()) {
            edges.add(graph.getEdgeSource(edge) + "->" + graph.getEdgeTarget(edge));
        }
        return edges;
    }

    private static Graph<String, DefaultEdge> empty() {
        return new DirectedPseudograph<>(null, SupplierUtil.createDefaultEdgeSupplier(), false);
    }

    @Test
    void whatIsExportedAsDotAndGraphMlIsReadBackTheSame() throws IOException {
        List<FakeInstance> nodes = ring();
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            Set<HeapObject> chosen = new HashSet<>();
            nodes.forEach(made -> chosen.add(Dumps.handle(heap, made)));
            Graph<HeapObject, HeapReference> part = new AsSubgraph<>(ObjectGraphView.of(heap), chosen);
            Set<String> expected = new TreeSet<>(Set.of("n0->n1", "n1->n2", "n2->n0", "n2->n3", "n3->n4", "n4->n4"));
            long base = nodes.get(0).address();
            long step = nodes.get(1).address() - base;

            DOTExporter<HeapObject, HeapReference> dot =
                    new DOTExporter<>(object -> "n" + (object.address() - base) / step);
            dot.setVertexAttributeProvider(object -> Map.of(
                    "label", DefaultAttribute.createAttribute(object.type().name())));
            dot.setEdgeAttributeProvider(
                    reference -> Map.of("label", DefaultAttribute.createAttribute(reference.name())));
            StringWriter text = new StringWriter();
            dot.exportGraph(part, text);
            DOTImporter<String, DefaultEdge> dotImporter = new DOTImporter<>();
            dotImporter.setVertexFactory(id -> id);
            Graph<String, DefaultEdge> fromDot = empty();
            dotImporter.importGraph(fromDot, new StringReader(text.toString()));
            assertThat(fromDot.vertexSet()).hasSize(6);
            assertThat(fromDot.edgeSet()).hasSize(8);
            assertThat(edges(fromDot)).isEqualTo(expected);
            assertThat(text.toString()).contains("label=\"com.example.Node\"").contains("label=\"b\"");

            GraphMLExporter<HeapObject, HeapReference> xml =
                    new GraphMLExporter<>(object -> "n" + (object.address() - base) / step);
            StringWriter markup = new StringWriter();
            xml.exportGraph(part, markup);
            GraphMLImporter<String, DefaultEdge> xmlImporter = new GraphMLImporter<>();
            xmlImporter.setVertexFactory(id -> id);
            Graph<String, DefaultEdge> fromXml = empty();
            xmlImporter.importGraph(fromXml, new StringReader(markup.toString()));
            assertThat(fromXml.vertexSet()).isEqualTo(fromDot.vertexSet());
            assertThat(fromXml.edgeSet()).hasSize(8);
            assertThat(edges(fromXml)).isEqualTo(expected);
        }
    }

    @Test
    void tooManyReferencesAreRefusedWithTheFigure() {
        assertThatThrownBy(() -> ReadOnlyGraph.requireCountable(3_000_000_000L, "references"))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("3000000000 references");
        assertThat(ReadOnlyGraph.requireCountable(Integer.MAX_VALUE, "references"))
                .isEqualTo(Integer.MAX_VALUE);
    }
}

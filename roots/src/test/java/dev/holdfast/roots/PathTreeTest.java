package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.PathTree.Branch;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTreeTest {
    @TempDir
    Path folder;

    @Test
    void pathsByTheSameFieldsAndTypesShareABranch() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass leaf = builder.classNamed("Leaf");
        FakeClass box = builder.classNamed("Box").field("left", OBJECT).field("right", OBJECT);
        FakeArray array = builder.arrayOfLength(builder.javaLangObject(), 3);
        for (int i = 0; i < 3; i++) {
            FakeInstance each = builder.instance(box).set("left", builder.instance(leaf));
            if (i == 0) {
                each.set("right", builder.instance(leaf));
            }
            array.set(i, each);
        }
        builder.root(FakeRoot.JNI_GLOBAL, array);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            PathTree tree = ofType(heap, "Leaf");

            assertThat(tree.objects()).isEqualTo(4);
            assertThat(tree.bytes()).isEqualTo(4 * 16);
            assertThat(lines(tree))
                    .containsExactly(
                            "jni global java.lang.Object[] 4",
                            "  null java.lang.Object[] 4",
                            "    [] Box 4",
                            "      left Leaf 3",
                            "      right Leaf 1");
        }
    }

    @Test
    void aListIsOneBranchHoweverLong() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass leaf = builder.classNamed("Leaf");
        FakeClass node = builder.classNamed("Node").field("next", OBJECT).field("item", OBJECT);
        FakeInstance first = builder.instance(node);
        FakeInstance last = first;
        for (int i = 0; i < 50_000; i++) {
            FakeInstance next = builder.instance(node).set("item", builder.instance(leaf));
            last.set("next", next);
            last = next;
        }
        builder.root(FakeRoot.JNI_GLOBAL, first);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            assertThat(lines(ofType(heap, "Leaf")))
                    .containsExactly(
                            "jni global Node 50000",
                            "  null Node 50000",
                            "    next Node 50000",
                            "      item Leaf 50000");
            assertThat(lines(ofType(heap, "Node")))
                    .containsExactly("jni global Node 50001", "  null Node 50001", "    next Node 50000");
        }
    }

    /** Each path by itself, contracted by the rule as the class comment states it, against the merge. */
    @ParameterizedTest
    @ValueSource(strings = {"hello17", "refs17-all", "sun_jdk6_18_x64"})
    void branchesEqualPathsMergedOneByOne(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Heaps.open(Fixtures.java().orElseThrow().resolve(name + ".hprof.gz"))) {
            ShortestPaths paths = Heaps.paths(heap, true);
            int type = type(heap, "java.lang.String");
            ObjectNames names = ObjectNames.of(heap);
            Map<String, Long> expected = new TreeMap<>();
            for (int object = 0; object < heap.graph().objectCount(); object++) {
                RootPath path = heap.graph().typeOf(object) == type ? paths.pathTo(object) : null;
                if (path != null) {
                    expected.merge(place(path, names), 1L, Long::sum);
                }
            }
            Map<String, Long> actual = new TreeMap<>();
            for (Branch root : PathTree.ofType(paths, type, Progress.NONE).roots()) {
                collect(root, "", actual);
            }
            assertThat(actual).isEqualTo(expected).isNotEmpty();
        }
    }

    private static String place(RootPath path, ObjectNames names) {
        List<String> place = new ArrayList<>();
        place.add(path.root().toString());
        for (PathStep step : path.steps()) {
            String pair = step.via() + " " + names.label(step.object());
            int open = place.indexOf(pair);
            if (open < 0) {
                place.add(pair);
            } else {
                place.subList(open + 1, place.size()).clear();
            }
        }
        return String.join(" / ", place);
    }

    private static void collect(Branch branch, String above, Map<String, Long> into) {
        String here =
                branch.root() != null ? branch.root().toString() : above + " / " + branch.via() + " " + branch.type();
        if (branch.here() > 0) {
            into.put(here, branch.here());
        }
        long below = branch.here();
        for (Branch child : branch.children()) {
            collect(child, here, into);
            below += child.objects();
        }
        assertThat(branch.objects()).as(here).isEqualTo(below);
    }

    private static PathTree ofType(HeapSnapshot heap, String name) {
        return PathTree.ofType(Heaps.paths(heap, true), type(heap, name), Progress.NONE);
    }

    private static int type(HeapSnapshot heap, String name) {
        return heap.types().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow()
                .index();
    }

    private static List<String> lines(PathTree tree) {
        List<String> lines = new ArrayList<>();
        tree.roots().forEach(root -> add(root, "", lines));
        return lines;
    }

    private static void add(Branch branch, String indent, List<String> lines) {
        String what = branch.root() != null ? branch.root().toString() : branch.via() + " " + branch.type();
        lines.add(indent + what + " " + branch.objects());
        branch.children().forEach(child -> add(child, indent + "  ", lines));
    }
}

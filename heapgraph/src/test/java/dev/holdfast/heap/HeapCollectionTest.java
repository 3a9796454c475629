package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.LiveJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What collections hold, against what the JVM that was dumped says itself, and on the dumps of every release. */
class HeapCollectionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void collectionsHoldWhatTheirOwnJvmFindsInThem(int feature) throws IOException {
        Optional<LiveJvm> jvm = LiveJvm.ofFeature(feature);
        assumeTrue(jvm.isPresent(), "no JDK " + feature);
        Path dump = jvm.orElseThrow()
                .dump(CollectionScenario.class, folder, "collections", List.of())
                .file();
        SoftAssertions all = new SoftAssertions();
        try (HeapSnapshot heap = Holdfast.open(dump)) {
            List<HeapObject> cases =
                    heap.objects(CollectionScenario.Case.class.getName()).toList();
            assertThat(cases).hasSizeGreaterThan(60);
            for (HeapObject one : cases) {
                check(one, all);
            }
        }
        all.assertAll();
    }

    private static void check(HeapObject one, SoftAssertions all) {
        String name = text(one, "name");
        Optional<HeapCollection> found = one.field("collection").object().flatMap(HeapObject::asCollection);
        if (one.field("size").asInt() < 0) {
            all.assertThat(found).as(name).isEmpty();
            return;
        }
        all.assertThat(found).as(name).isPresent();
        if (found.isEmpty()) {
            return;
        }
        HeapCollection collection = found.get();
        boolean map = one.field("map").asBoolean();
        all.assertThat(collection.isMap()).as(name + " is a map").isEqualTo(map);
        all.assertThat(collection.size())
                .as("size of " + name)
                .isEqualTo(one.field("size").asInt());
        all.assertThat(collection.capacity().orElse(Long.MAX_VALUE))
                .as("capacity of " + name)
                .isGreaterThanOrEqualTo(map && name.contains("tree") ? 1 : 0);
        List<String> expected =
                new ArrayList<>(Arrays.asList(text(one, "expected").split("\n")));
        expected.removeIf(String::isEmpty);
        List<String> actual = new ArrayList<>();
        if (map) {
            collection.entries().forEach(entry -> actual.add(shown(entry.key()) + "=" + shown(entry.value())));
            all.assertThat(collection.elements().count())
                    .as("values of " + name)
                    .isEqualTo(expected.stream()
                            .filter(line -> !line.endsWith("=null"))
                            .count());
        } else {
            collection.elements().forEach(element -> actual.add(shown(element)));
        }
        if (one.field("ordered").asBoolean()) {
            all.assertThat(actual).as(name).isEqualTo(expected);
        } else {
            all.assertThat(actual).as(name).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String shown(@Nullable HeapObject object) {
        if (object == null) {
            return "null";
        }
        return object.text()
                .or(() -> Stream.of("text", "name")
                        .flatMap(field -> object.findField(field).stream())
                        .flatMap(value -> value.object().stream())
                        .flatMap(value -> value.text().stream())
                        .findFirst())
                .orElseGet(object::toString);
    }

    private static String text(HeapObject object, String field) {
        return object.field(field).object().flatMap(HeapObject::text).orElseThrow();
    }

    static List<String> dumps() throws IOException {
        if (Fixtures.java().isEmpty()) {
            return List.of("(no fixtures)");
        }
        try (Stream<Path> files = Files.list(Fixtures.java().get())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".hprof.gz") && !name.startsWith("bad-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void collectionsOfEveryReleaseHoldAsManyObjectsAsTheySay(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        SoftAssertions all = new SoftAssertions();
        int[] checked = new int[2];
        try (HeapSnapshot heap = Holdfast.open(Fixtures.java().orElseThrow().resolve(name))) {
            heap.objects()
                    .filter(HeapObject::isReachable)
                    .forEach(object -> object.asCollection().ifPresent(collection -> {
                        long found = collection.isMap()
                                ? collection.entries().count()
                                : collection.elements().count();
                        String type = object.type().name();
                        // What has weak keys, sets of such a map too, may count entries whose key is gone.
                        if (type.equals("java.util.WeakHashMap")
                                || type.endsWith("ThreadLocalMap")
                                || type.endsWith("SetFromMap")) {
                            return;
                        }
                        checked[0]++;
                        checked[1] += found > 0 ? 1 : 0;
                        if (collection.isMap() || !mayHoldNulls(type)) {
                            all.assertThat(found).as(object.toString()).isEqualTo(collection.size());
                        } else {
                            all.assertThat(found).as(object.toString()).isLessThanOrEqualTo(collection.size());
                        }
                    }));
        }
        all.assertAll();
        assertThat(checked[0]).as("collections").isGreaterThan(40);
        assertThat(checked[1]).as("collections that hold something").isGreaterThan(10);
    }

    private static boolean mayHoldNulls(String type) {
        return type.equals("java.util.Vector") || type.equals("java.util.ArrayList") || type.contains("Singleton");
    }
}

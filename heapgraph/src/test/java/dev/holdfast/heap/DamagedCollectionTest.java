package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.LONG;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.ClassDump;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Collections whose objects point anywhere, as in a dump that is damaged or was taken amid a change; reading them ends. */
@Timeout(60)
class DamagedCollectionTest {
    @TempDir
    Path folder;

    private final HeapBuilder built = new HeapBuilder();
    private final FakeClass hashMap =
            built.classNamed("java.util.HashMap").field("table", OBJECT).field("size", INT);
    private final FakeClass node = built.classNamed("java.util.HashMap$Node")
            .field("key", OBJECT)
            .field("value", OBJECT)
            .field("next", OBJECT);

    private FakeInstance node(FakeRef key, FakeRef value) {
        return built.instance(node).set("key", key).set("value", value);
    }

    @Test
    void aBinThatLeadsBackToItselfIsReadOnce() throws IOException {
        FakeInstance key = built.string("k");
        FakeInstance first = node(key, key);
        FakeInstance second = node(key, FakeRef.NULL).set("next", first);
        first.set("next", second);
        FakeInstance map = built.instance(hashMap)
                .set("table", built.array(node, second, FakeRef.NULL, first))
                .set("size", 1_000_000);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            HeapCollection collection = Dumps.handle(heap, map).asCollection().orElseThrow();
            assertThat(collection.entries()).hasSize(2);
            assertThat(collection.elements()).hasSize(1);
            assertThat(collection.size()).isEqualTo(1_000_000);
            assertThat(collection.capacity()).hasValue(3);
            assertThat(collection.object()).isEqualTo(Dumps.handle(heap, map));
        }
    }

    @Test
    void aThousandBinsThatShareOneLongChainTakeOnePass() throws IOException {
        FakeInstance previous = node(FakeRef.NULL, FakeRef.NULL);
        for (int i = 0; i < 20_000; i++) {
            previous = node(FakeRef.NULL, previous).set("next", previous);
        }
        FakeArray table = built.arrayOfLength(node, 20_000);
        for (int i = 0; i < 20_000; i++) {
            table.set(i, previous);
        }
        FakeInstance map = built.instance(hashMap).set("table", table);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            assertThat(Dumps.handle(heap, map).asCollection().orElseThrow().entries())
                    .hasSize(20_001);
        }
    }

    @Test
    void aTreeAsDeepAsALongListIsReadWithoutRecursion() throws IOException {
        FakeClass entry = built.classNamed("java.util.TreeMap$Entry")
                .field("key", OBJECT)
                .field("value", OBJECT)
                .field("left", OBJECT)
                .field("right", OBJECT);
        FakeInstance root = built.instance(entry);
        FakeInstance deepest = root;
        for (int i = 0; i < 50_000; i++) {
            FakeInstance above = built.instance(entry).set(i % 2 == 0 ? "left" : "right", deepest);
            deepest = above;
        }
        root.set("left", deepest).set("right", root);
        FakeInstance map = built.instance(built.classNamed("java.util.TreeMap")
                        .field("root", OBJECT)
                        .field("size", INT))
                .set("root", deepest);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            assertThat(Dumps.handle(heap, map).asCollection().orElseThrow().entries())
                    .hasSize(50_001);
        }
    }

    @Test
    void wrappersThatWrapEachOtherAreNoCollection() throws IOException {
        FakeClass wrapper =
                built.classNamed("java.util.Collections$UnmodifiableCollection").field("c", OBJECT);
        FakeInstance a = built.instance(wrapper);
        FakeInstance b = built.instance(wrapper).set("c", a);
        a.set("c", b);
        FakeInstance none = built.instance(wrapper);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            assertThat(Dumps.handle(heap, a).asCollection()).isEmpty();
            assertThat(Dumps.handle(heap, none).asCollection()).isEmpty();
        }
    }

    @Test
    void arraysOfTheWrongKindAndAbsurdNumbersDoNoHarm() throws IOException {
        FakeInstance map =
                built.instance(hashMap).set("table", built.zeros(LONG, 4)).set("size", -5);
        FakeClass deque = built.classNamed("java.util.ArrayDeque")
                .field("elements", OBJECT)
                .field("head", INT)
                .field("tail", INT);
        FakeInstance element = built.string("e");
        FakeInstance outside = built.instance(deque)
                .set("elements", built.array(built.javaLangObject(), element, FakeRef.NULL))
                .set("head", Integer.MIN_VALUE)
                .set("tail", Integer.MAX_VALUE);
        FakeInstance numbers =
                built.instance(deque).set("elements", built.zeros(INT, 4)).set("tail", 3);
        FakeInstance enums = built.instance(built.classNamed("java.util.JumboEnumSet")
                        .extending(built.classNamed("java.util.EnumSet").field("universe", OBJECT))
                        .field("elements", OBJECT))
                .set("elements", element)
                .set("universe", element);
        FakeInstance list =
                built.instance(built.classNamed("java.util.ArrayList").field("elementData", OBJECT));
        FakeInstance renamed =
                built.instance(built.classNamed("java.util.Vector").field("data", OBJECT));
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            HeapCollection wrongTable = Dumps.handle(heap, map).asCollection().orElseThrow();
            assertThat(wrongTable.entries()).isEmpty();
            assertThat(wrongTable.size())
                    .as("counted, since its own count cannot be")
                    .isZero();
            assertThat(Dumps.handle(heap, outside).asCollection().orElseThrow().elements())
                    .hasSizeLessThan(2);
            assertThat(Dumps.handle(heap, numbers).asCollection().orElseThrow().elements())
                    .isEmpty();
            assertThat(Dumps.handle(heap, enums).asCollection().orElseThrow().elements())
                    .isEmpty();
            HeapCollection empty = Dumps.handle(heap, list).asCollection().orElseThrow();
            assertThat(empty.elements()).isEmpty();
            assertThat(empty.size()).as("no field says it").isZero();
            assertThat(Dumps.handle(heap, renamed).asCollection())
                    .as("of an unknown layout")
                    .isEmpty();
            assertThatThrownBy(empty::entries).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void classesThatInheritFromThemselvesEnd() throws IOException {
        HprofWriter out = HprofWriter.inMemory(8).header(HprofWriter.V1_0_2, 0);
        out.utf8(1, "com/example/A").utf8(2, "com/example/B");
        out.loadClass(1, 0x1000, 1, 1).loadClass(2, 0x2000, 1, 2).beginSegment();
        out.classDump(ClassDump.of(0x1000, 0x2000, 0, 0, List.of(), List.of()));
        out.classDump(ClassDump.of(0x2000, 0x1000, 0, 0, List.of(), List.of()));
        out.instanceHeader(0x3000, 1, 0x1000, 0).rootUnknown(0x3000).heapDumpEnd();
        Path file = folder.resolve("cycle.hprof");
        Files.write(file, out.toByteArray());
        try (HeapSnapshot heap = Holdfast.open(file)) {
            HeapObject object = heap.objects("com.example.A").findFirst().orElseThrow();
            assertThat(object.fields()).isEmpty();
            assertThat(object.findField("x")).isEmpty();
            assertThat(object.asCollection()).isEmpty();
            assertThat(new ObjectFields(heap).has(object.index(), "x")).isFalse();
            HeapType type = heap.type("com.example.A").orElseThrow();
            assertThat(type.isA(heap.typeAt(0))).isFalse();
            assertThat(type.isA(heap.type("com.example.B").orElseThrow())).isTrue();
        }
    }

    @Test
    void collectionsOfOlderReleasesAreRead() throws IOException {
        FakeInstance one = built.string("1");
        FakeInstance two = built.string("2");
        FakeClass entry = built.classNamed("java.util.LinkedList$Entry")
                .field("element", OBJECT)
                .field("next", OBJECT)
                .field("previous", OBJECT);
        FakeInstance header = built.instance(entry);
        FakeInstance second = built.instance(entry).set("element", two).set("next", header);
        FakeInstance first = built.instance(entry).set("element", one).set("next", second);
        header.set("next", first).set("previous", second);
        FakeInstance list = built.instance(built.classNamed("java.util.LinkedList")
                        .field("header", OBJECT)
                        .field("size", INT))
                .set("header", header)
                .set("size", 2);
        FakeClass hashEntry = built.classNamed("java.util.concurrent.ConcurrentHashMap$HashEntry")
                .field("key", OBJECT)
                .field("value", OBJECT)
                .field("next", OBJECT);
        FakeClass segment = built.classNamed("java.util.concurrent.ConcurrentHashMap$Segment")
                .field("table", OBJECT)
                .field("count", INT);
        List<FakeRef> segments = new ArrayList<>();
        for (FakeInstance key : List.of(one, two)) {
            FakeInstance pair = built.instance(hashEntry).set("key", key).set("value", list);
            segments.add(built.instance(segment)
                    .set("table", built.array(hashEntry, pair))
                    .set("count", 1));
        }
        FakeInstance map = built.instance(built.classNamed("java.util.concurrent.ConcurrentHashMap")
                        .field("segments", OBJECT))
                .set("segments", built.array(segment, segments.toArray(new FakeRef[0])));
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            HeapCollection linked = Dumps.handle(heap, list).asCollection().orElseThrow();
            assertThat(linked.elements().flatMap(e -> e.text().stream())).containsExactly("1", "2");
            assertThat(linked.size()).isEqualTo(2);
            HeapCollection concurrent = Dumps.handle(heap, map).asCollection().orElseThrow();
            assertThat(concurrent.size()).isEqualTo(2);
            assertThat(concurrent.capacity()).hasValue(2);
            assertThat(concurrent.elements()).containsExactly(Dumps.handle(heap, list), Dumps.handle(heap, list));
        }
    }

    @Test
    void numbersAddedTwiceAreInASetOnce() {
        long seed = 20_240_611;
        Random random = new Random(seed);
        IntSet set = new IntSet();
        java.util.Set<Integer> expected = new java.util.HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            int value = random.nextInt(i % 2 == 0 ? 1_000 : Integer.MAX_VALUE);
            assertThat(set.add(value)).as("seed %d, step %d", seed, i).isEqualTo(expected.add(value));
        }
    }
}

package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.BOOLEAN;
import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.CHAR;
import static dev.holdfast.testkit.HprofType.DOUBLE;
import static dev.holdfast.testkit.HprofType.FLOAT;
import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.LONG;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static dev.holdfast.testkit.HprofType.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.ValueType;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeapObjectTest {
    @TempDir
    Path folder;

    private final HeapBuilder built = new HeapBuilder();

    private HeapSnapshot open() throws IOException {
        return Dumps.open(built, folder);
    }

    private static List<String> shown(java.util.stream.Stream<HeapReference> references) {
        return references.map(HeapReference::toString).toList();
    }

    private static String at(FakeRef made, String type) {
        return type + "@0x" + Long.toHexString(made.address());
    }

    @Test
    void fieldsHoldNumbersOfEveryKindAndReferences() throws IOException {
        FakeClass all = built.classNamed("com.example.All")
                .field("z", BOOLEAN)
                .field("b", BYTE)
                .field("c", CHAR)
                .field("s", SHORT)
                .field("i", INT)
                .field("j", LONG)
                .field("f", FLOAT)
                .field("d", DOUBLE)
                .field("none", OBJECT)
                .field("lost", OBJECT)
                .field("self", OBJECT);
        FakeInstance one = built.instance(all)
                .set("z", true)
                .set("b", -1)
                .set("c", 'x')
                .set("s", -300)
                .set("i", Integer.MIN_VALUE)
                .set("j", Long.MAX_VALUE)
                .set("f", 1.5)
                .set("d", -2.75)
                .set("lost", FakeRef.at(0x1234));
        one.set("self", one);
        built.root(FakeRoot.JNI_GLOBAL, one);
        try (HeapSnapshot heap = open()) {
            HeapObject object = Dumps.handle(heap, one);
            assertThat(object.field("z").asBoolean()).isTrue();
            assertThat(object.field("z").asInt()).isOne();
            assertThat(object.field("b").asInt()).isEqualTo(-1);
            assertThat(object.field("c").asChar()).isEqualTo('x');
            assertThat(object.field("s").asLong()).isEqualTo(-300);
            assertThat(object.field("i").asInt()).isEqualTo(Integer.MIN_VALUE);
            assertThat(object.field("j").asLong()).isEqualTo(Long.MAX_VALUE);
            assertThat(object.field("f").asDouble()).isEqualTo(1.5);
            assertThat(object.field("d").asDouble()).isEqualTo(-2.75);
            assertThat(object.field("d").asInt()).isEqualTo(-2);
            assertThat(object.field("none").object()).isEmpty();
            assertThat(object.field("none").address()).isZero();
            assertThat(object.field("lost").object()).isEmpty();
            assertThat(object.field("lost").address()).isEqualTo(0x1234);
            assertThat(object.field("self").object()).contains(object);
            assertThat(object.fields())
                    .extracting(field -> field.name() + "=" + field.value())
                    .containsExactly(
                            "z=true",
                            "b=-1",
                            "c=x",
                            "s=-300",
                            "i=-2147483648",
                            "j=9223372036854775807",
                            "f=1.5",
                            "d=-2.75",
                            "none=null",
                            "lost=0x1234",
                            "self=" + object);
            assertThat(object.findField("absent")).isEmpty();
            assertThatThrownBy(() -> object.field("absent"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("com.example.All")
                    .hasMessageContaining("absent");
            assertThatThrownBy(() -> object.field("self").asLong()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> object.field("i").address()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> object.field("i").asBoolean()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> object.field("i").asChar()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> object.field("j").asInt()).isInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void theFieldOfTheSubclassComesFirst() throws IOException {
        FakeClass above = built.classNamed("com.example.Above").field("x", INT).field("y", INT);
        FakeClass below = built.classNamed("com.example.Below").extending(above).field("x", INT);
        FakeInstance one = built.instance(below).set("x", 1).set("y", 3);
        try (HeapSnapshot heap = open()) {
            HeapObject object = Dumps.handle(heap, one);
            assertThat(object.field("x").asInt()).isEqualTo(1);
            assertThat(object.fields())
                    .extracting(field -> field.declaringType() + "." + field.name())
                    .containsExactly("com.example.Below.x", "com.example.Above.x", "com.example.Above.y");
        }
    }

    @Test
    void referencesComeWithClassFirstAndReferrersAreTheirReverse() throws IOException {
        FakeClass node =
                built.classNamed("com.example.Node").field("left", OBJECT).field("right", OBJECT);
        FakeInstance a = built.instance(node);
        FakeInstance b = built.instance(node);
        a.set("left", b).set("right", b);
        b.set("left", b);
        FakeArray array = built.array(built.javaLangObject(), FakeRef.NULL, b, FakeRef.at(0x77), a, b);
        node.staticField("first", a);
        built.root(FakeRoot.JNI_GLOBAL, array);
        try (HeapSnapshot heap = open()) {
            HeapObject objectA = Dumps.handle(heap, a);
            HeapObject objectB = Dumps.handle(heap, b);
            HeapObject objects = Dumps.handle(heap, array);
            HeapObject type = Dumps.handle(heap, node);
            String nameA = at(a, "com.example.Node");
            String nameB = at(b, "com.example.Node");
            String nameArray = at(array, "java.lang.Object[]");
            String nameType = at(node, "java.lang.Class");
            assertThat(shown(objectA.references()))
                    .containsExactly(
                            nameA + ".<class> -> " + nameType,
                            nameA + ".left -> " + nameB,
                            nameA + ".right -> " + nameB);
            assertThat(objects.elements()).containsExactly(objectB, objectA, objectB);
            assertThat(shown(objectB.referrers()))
                    .containsExactlyInAnyOrder(
                            nameA + ".left -> " + nameB,
                            nameA + ".right -> " + nameB,
                            nameB + ".left -> " + nameB,
                            nameArray + ".[] -> " + nameB,
                            nameArray + ".[] -> " + nameB);
            assertThat(shown(objectA.referrers()))
                    .containsExactlyInAnyOrder(nameArray + ".[] -> " + nameA, nameType + ".static first -> " + nameA);
            assertThat(shown(type.referrers()))
                    .containsExactly(nameA + ".<class> -> " + nameType, nameB + ".<class> -> " + nameType);
            assertThat(objectA.references().distinct()).hasSize(3);
            assertThat(objectB.referrers().map(HeapReference::number))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void everyReferenceIsAmongTheReferrersOfItsTarget() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve("sun_jdk5_64bit.hprof.gz");
        try (HeapSnapshot heap = Holdfast.open(dump)) {
            long[] forward = new long[2];
            long[] backward = new long[2];
            heap.objects().forEach(object -> {
                object.references().forEach(reference -> {
                    assertThat(reference.source()).isEqualTo(object);
                    forward[0]++;
                    forward[1] += (reference.number() + 1) * (reference.target().index() + 17L) * (object.index() + 3L);
                });
                object.referrers().forEach(reference -> {
                    backward[0]++;
                    backward[1] += (reference.number() + 1)
                            * (object.index() + 17L)
                            * (reference.source().index() + 3L);
                });
            });
            assertThat(forward[0]).isGreaterThan(heap.graph().objectCount());
            assertThat(backward).isEqualTo(forward);
        }
    }

    @Test
    void moreThan254FieldsKeepTheirNames() throws IOException {
        FakeClass wide = built.classNamed("com.example.Wide");
        for (int i = 0; i < 300; i++) {
            wide.field("f" + i, OBJECT);
        }
        FakeInstance one = built.instance(wide);
        FakeInstance target = built.instance(built.javaLangObject());
        FakeInstance other = built.instance(built.javaLangObject());
        for (int i : new int[] {0, 254, 255, 256, 298}) {
            one.set("f" + i, target);
        }
        one.set("f257", FakeRef.at(0x99)).set("f299", other);
        for (int i = 0; i < 270; i++) {
            wide.staticField("s" + i, i % 50 == 0 ? other : FakeRef.NULL);
        }
        built.root(FakeRoot.JNI_GLOBAL, one);
        try (HeapSnapshot heap = open()) {
            assertThat(Dumps.handle(heap, one).references().map(HeapReference::name))
                    .containsExactly("<class>", "f0", "f254", "f255", "f256", "f298", "f299");
            assertThat(Dumps.handle(heap, wide).references().map(HeapReference::name))
                    .containsExactly(
                            "<class>",
                            "<super>",
                            "static s0",
                            "static s50",
                            "static s100",
                            "static s150",
                            "static s200",
                            "static s250");
            assertThat(new ObjectFields(heap).reference(Dumps.handle(heap, one).index(), "f299"))
                    .isEqualTo(Dumps.handle(heap, other).index());
        }
    }

    @Test
    void staticFieldsAreTheFieldsOfTheClassObject() throws IOException {
        FakeInstance cache = built.instance(built.javaLangObject());
        FakeClass type =
                built.classNamed("com.example.Cache").staticField("map", cache).staticField("SIZE", INT, 42);
        try (HeapSnapshot heap = open()) {
            HeapObject object = heap.type("com.example.Cache")
                    .flatMap(HeapType::classObject)
                    .orElseThrow();
            assertThat(object).isEqualTo(Dumps.handle(heap, type));
            assertThat(object.asType()).map(HeapType::name).contains("com.example.Cache");
            assertThat(object.field("SIZE").asInt()).isEqualTo(42);
            assertThat(object.field("map").object()).contains(Dumps.handle(heap, cache));
            assertThat(Dumps.handle(heap, cache).asType()).isEmpty();
        }
    }

    @Test
    void arraysGiveTheirElements() throws IOException {
        FakeArray numbers = built.primitives(SHORT, new byte[] {0, 1, -1, -1, 1, 0});
        FakeArray objects = built.array(built.javaLangObject(), FakeRef.NULL, numbers, FakeRef.at(0x55));
        FakeArray big = built.zeros(LONG, 20_000);
        try (HeapSnapshot heap = open()) {
            HeapObject shorts = Dumps.handle(heap, numbers);
            assertThat(shorts.elementCount()).isEqualTo(3);
            assertThat(shorts.values().map(HeapValue::asInt)).containsExactly(1, -1, 256);
            assertThat(shorts.values()).allMatch(value -> value.type() == ValueType.SHORT);
            assertThat(shorts.value(2).asInt()).isEqualTo(256);
            assertThat(shorts.elements()).isEmpty();
            assertThatThrownBy(() -> shorts.value(3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> shorts.value(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            HeapObject references = Dumps.handle(heap, objects);
            assertThat(references.values().map(HeapValue::toString)).containsExactly("null", shorts.toString(), "0x55");
            assertThat(references.elements()).containsExactly(shorts);
            assertThat(Dumps.handle(heap, big).values()).hasSize(20_000);
            assertThat(Dumps.handle(heap, built.javaLangObject()).values()).isEmpty();
        }
    }

    @Test
    void dominatorsAndRetainedSizesPassOverHolders() throws IOException {
        FakeClass node = built.classNamed("com.example.Node").field("next", OBJECT);
        FakeInstance last = built.instance(node);
        FakeInstance first = built.instance(node).set("next", last);
        FakeInstance lost = built.instance(node);
        FakeThread thread = built.thread("worker");
        thread.frame(node, "run", "Node.java", 1).local(first);
        try (HeapSnapshot heap = open()) {
            HeapObject held = Dumps.handle(heap, first);
            assertThat(held.immediateDominator()).contains(Dumps.handle(heap, thread));
            assertThat(held.holder()).isPresent();
            assertThat(held.retainedSize()).isEqualTo(2 * held.shallowSize());
            assertThat(held.reachability()).contains(Strength.STRONG);
            assertThat(Dumps.handle(heap, last).immediateDominator()).contains(held);
            assertThat(Dumps.handle(heap, last).holder()).isEmpty();
            assertThat(held.referrers()).as("a frame is no object").isEmpty();
            assertThat(Dumps.handle(heap, thread).references().map(HeapReference::name))
                    .doesNotContain("?");
            HeapObject garbage = Dumps.handle(heap, lost);
            assertThat(garbage.isReachable()).isFalse();
            assertThat(garbage.reachability()).isEmpty();
            assertThat(garbage.immediateDominator()).isEmpty();
            assertThat(garbage.retainedSize()).isZero();
        }
    }

    @Test
    void objectsAreFoundByAddressAndByType() throws IOException {
        FakeClass one = built.classNamed("com.example.Twice").field("x", LONG);
        FakeInstance loader = built.instance(built.classNamed("com.example.Loader"));
        FakeClass other = built.classNamed("com.example.Twice")
                .loadedBy(loader)
                .field("x", LONG)
                .field("y", LONG);
        FakeInstance a = built.instance(one);
        FakeInstance b = built.instance(other);
        FakeInstance c = built.instance(one);
        try (HeapSnapshot heap = open()) {
            assertThat(heap.object(a.address() + 5)).contains(Dumps.handle(heap, a));
            assertThat(heap.object(0x10)).isEmpty();
            assertThat(heap.objects("com.example.Twice"))
                    .containsExactly(Dumps.handle(heap, a), Dumps.handle(heap, c), Dumps.handle(heap, b));
            assertThat(heap.objects("com.example.Absent")).isEmpty();
            assertThat(heap.objects()).hasSize(heap.graph().objectCount());
            assertThat(heap.typesNamed("com.example.Twice")).hasSize(2);
            HeapType first = heap.type("com.example.Twice").orElseThrow();
            assertThat(first.instanceCount()).isEqualTo(2);
            assertThat(first.shallowSize()).isEqualTo(2 * Dumps.handle(heap, a).shallowSize());
            assertThat(first.classLoader()).isEmpty();
            assertThat(first.superclass()).map(HeapType::name).contains("java.lang.Object");
            assertThat(first.isA(heap.type("java.lang.Object").orElseThrow())).isTrue();
            assertThat(heap.type("java.lang.Object").orElseThrow().isA(first)).isFalse();
            HeapType second = heap.typesNamed("com.example.Twice").get(1);
            assertThat(second).isNotEqualTo(first);
            assertThat(second.classLoader()).contains(Dumps.handle(heap, loader));
            assertThat(second.fields()).extracting(field -> field.name()).containsExactly("x", "y");
            assertThat(Dumps.handle(heap, b).type()).isEqualTo(second);
            assertThatThrownBy(() -> heap.objectAt(heap.graph().objectCount()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> heap.objectAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void handlesOfOneObjectAreEqualWithinOneSnapshotOnly() throws IOException {
        FakeInstance made = built.instance(built.classNamed("com.example.A").field("a", OBJECT));
        made.set("a", made);
        try (HeapSnapshot heap = open();
                HeapSnapshot other = open()) {
            HeapObject object = Dumps.handle(heap, made);
            assertThat(object)
                    .isEqualTo(heap.objectAt(object.index()))
                    .hasSameHashCodeAs(heap.objectAt(object.index()));
            assertThat(object).isNotEqualTo(Dumps.handle(other, made));
            assertThat(object.type())
                    .isEqualTo(object.type())
                    .isNotEqualTo(Dumps.handle(other, made).type());
            assertThat(object.references().toList())
                    .isEqualTo(object.references().toList());
            assertThat(object.references().toList())
                    .isNotEqualTo(Dumps.handle(other, made).references().toList());
            assertThat(object.field("a")).isEqualTo(object.field("a"));
        }
    }

    @Test
    void stringsOfSharedCharacterArraysAreCutOut() throws IOException {
        FakeClass string = built.shared("java.lang.String")
                .field("value", OBJECT)
                .field("offset", INT)
                .field("count", INT);
        FakeArray shared = built.primitives(CHAR, "hello, world\u20ac".getBytes(StandardCharsets.UTF_16BE));
        FakeInstance world =
                built.instance(string).set("value", shared).set("offset", 7).set("count", 6);
        FakeInstance beyond =
                built.instance(string).set("value", shared).set("offset", 12).set("count", 1000);
        FakeInstance negative =
                built.instance(string).set("value", shared).set("offset", -5).set("count", -1);
        FakeInstance none = built.instance(string);
        try (HeapSnapshot heap = open()) {
            assertThat(Dumps.handle(heap, world).text()).contains("world\u20ac");
            assertThat(Dumps.handle(heap, world).text(2)).contains("wo");
            assertThat(Dumps.handle(heap, beyond).text()).contains("\u20ac");
            assertThat(Dumps.handle(heap, negative).text()).contains("");
            assertThat(Dumps.handle(heap, none).text()).isEmpty();
            assertThat(Dumps.handle(heap, shared).text()).isEmpty();
        }
    }

    @Test
    void stringsOfCharactersAndOfBytesAreDecoded() throws IOException {
        FakeInstance latin = built.string("gr\u00fcn");
        FakeInstance wide = built.instance(built.javaLangString()).set("coder", 1);
        wide.set("value", built.bytes("\u20ac \ud83d\ude00".getBytes(StandardCharsets.UTF_16LE)));
        String text = "0123456789".repeat(3_000);
        FakeInstance large = built.string(text);
        FakeInstance odd = built.instance(built.javaLangString()).set("coder", 1);
        odd.set("value", built.bytes((byte) 65, (byte) 0, (byte) 66));
        FakeInstance damaged = built.instance(built.javaLangString());
        damaged.set("value", damaged);
        try (HeapSnapshot heap = open()) {
            assertThat(Dumps.handle(heap, latin).text()).contains("gr\u00fcn");
            assertThat(Dumps.handle(heap, wide).text()).contains("\u20ac \ud83d\ude00");
            assertThat(Dumps.handle(heap, large).text()).contains(text);
            assertThat(Dumps.handle(heap, large).text(10_000)).contains(text.substring(0, 10_000));
            assertThat(Dumps.handle(heap, odd).text()).contains("A");
            assertThat(Dumps.handle(heap, damaged).text()).isEmpty();
        }
        HeapBuilder bigEndian = new HeapBuilder();
        bigEndian.shared("java.lang.StringUTF16").staticField("HI_BYTE_SHIFT", INT, 8);
        FakeInstance euro = bigEndian.instance(bigEndian.javaLangString()).set("coder", 1);
        euro.set("value", bigEndian.bytes("\u20ac".getBytes(StandardCharsets.UTF_16BE)));
        try (HeapSnapshot heap = Dumps.open(bigEndian, folder)) {
            assertThat(Dumps.handle(heap, euro).text()).contains("\u20ac");
        }
    }

    static List<String> dumps() throws IOException {
        return HeapCollectionTest.dumps();
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void threadsOfEveryReleaseHaveTheNamesThatTheirObjectsSay(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Holdfast.open(Fixtures.java().orElseThrow().resolve(name))) {
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (DumpThread thread : heap.dump().threads()) {
                HeapObject object = heap.object(thread.address()).orElse(null);
                if (object == null || object.findField("name").isEmpty()) {
                    continue;
                }
                // A char[] up to JDK 8.
                object.field("name").object().ifPresent(value -> {
                    expected.add(thread.name());
                    actual.add(value.text()
                            .orElseGet(() -> value.values()
                                    .map(HeapValue::toString)
                                    .collect(java.util.stream.Collectors.joining())));
                });
            }
            assertThat(actual).isEqualTo(expected).isNotEmpty();
        }
    }
}

package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.LONG;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreachableReasonsTest {
    @TempDir
    Path folder;

    private final HeapBuilder builder = new HeapBuilder();
    private final Map<FakeRef, UnreachableReason> expected = new LinkedHashMap<>();

    private <T extends FakeRef> T expect(UnreachableReason reason, T object) {
        expected.put(object, reason);
        return object;
    }

    private void check() throws IOException {
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            UnreachableReasons reasons = UnreachableReasons.find(heap, Progress.NONE);
            ObjectNames names = ObjectNames.of(heap);
            expected.forEach((object, reason) -> {
                int node = Heaps.node(heap, object);
                assertThat(heap.reachable(node)).as(names.label(node)).isFalse();
                assertThat(reasons.of(node))
                        .as("%s at %x", names.label(node), object.address())
                        .isEqualTo(reason);
            });
            long objects = 0;
            long bytes = 0;
            for (UnreachableReason reason : UnreachableReason.values()) {
                objects += reasons.objects(reason);
                bytes += reasons.bytes(reason);
            }
            assertThat(objects).isEqualTo(heap.totals().unreachableObjects());
            assertThat(bytes).isEqualTo(heap.totals().unreachableBytes());
        }
    }

    @Test
    void reflectionDataBelongsToAClassWithAllThatItReaches() throws IOException {
        FakeClass data = builder.classNamed("java.lang.Class$ReflectionData").field("declaredFields", OBJECT);
        FakeClass reference = builder.shared("java.lang.ref.Reference").field("referent", OBJECT);
        FakeClass soft = builder.shared("java.lang.ref.SoftReference").extending(reference);
        FakeClass field = builder.classNamed("java.lang.reflect.Field").field("name", OBJECT);
        FakeInstance one = expect(UnreachableReason.LOST_CLASS_FIELD, builder.instance(field));
        one.set("name", expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("anything")));
        FakeInstance cached = expect(UnreachableReason.LOST_CLASS_FIELD, builder.instance(data))
                .set("declaredFields", expect(UnreachableReason.LOST_CLASS_FIELD, builder.array(field, one)));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.instance(soft).set("referent", cached));
        expect(UnreachableReason.GARBAGE, builder.instance(soft));
        expect(UnreachableReason.GARBAGE, builder.instance(field));
        check();
    }

    @Test
    void theFirstStringWithTheNameOfAClassOrPackageIsItsName() throws IOException {
        FakeClass some = builder.classNamed("com.example.Some");
        builder.arrayClass(some);
        builder.shared("[[I");
        builder.classNamed("com.example.Some$$Lambda+0x0000001").loadedBy(builder.instance(some));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("com.example.Some"));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("com.example"));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("[Lcom.example.Some;"));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("[[I"));
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.string("com.example.Some$$Lambda/0x0000001"));
        expect(UnreachableReason.GARBAGE, builder.string("com.example.Some"));
        expect(UnreachableReason.GARBAGE, builder.string("com.example.Same"));
        expect(UnreachableReason.GARBAGE, builder.string("com"));
        check();
    }

    @Test
    void anEnumHasOneArrayOfItsConstants() throws IOException {
        FakeClass color = builder.classNamed("Color").extending(builder.shared("java.lang.Enum"));
        FakeInstance red = builder.instance(color);
        color.staticField("RED", red);
        expect(UnreachableReason.LOST_CLASS_FIELD, builder.array(color, red));
        expect(UnreachableReason.GARBAGE, builder.array(color, red));
        expect(UnreachableReason.GARBAGE, builder.array(builder.javaLangObject(), red));
        check();
    }

    @Test
    void aFillerIsAnUnwrittenArrayThatFillsAGap() throws IOException {
        FakeClass box = builder.classNamed("Box").field("value", OBJECT);
        expect(UnreachableReason.HEAP_FILLER, builder.zeros(INT, 100));
        expect(UnreachableReason.HEAP_FILLER, builder.zeros(INT, 0));
        byte[] stale = new byte[32];
        stale[3] = 1;
        expect(UnreachableReason.HEAP_FILLER, builder.primitives(INT, stale));
        byte[] written = new byte[32];
        written[3] = 7;
        expect(UnreachableReason.GARBAGE, builder.primitives(INT, written));
        FakeArray used = expect(UnreachableReason.GARBAGE, builder.zeros(INT, 10));
        expect(UnreachableReason.GARBAGE, builder.instance(box).set("value", used));
        expect(UnreachableReason.GARBAGE, builder.zeros(LONG, 10));
        FakeClass filler = builder.classNamed("jdk.internal.vm.FillerObject");
        expect(UnreachableReason.HEAP_FILLER, builder.instance(filler));
        expect(UnreachableReason.GARBAGE, builder.zeros(INT, 5));
        builder.nextAt(0xF000_0010L);
        builder.zeros(BYTE, 1);
        check();
    }

    @Test
    void hiddenThreadsAndClassesOfArraysHaveLostTheirRoot() throws IOException {
        FakeClass node = builder.classNamed("Node").field("next", OBJECT);
        FakeClass arrayClass = builder.arrayClass(node);
        expect(UnreachableReason.ROOT_LOST, arrayClass);
        FakeInstance name = expect(UnreachableReason.ROOT_LOST, builder.string("Service Thread"));
        expect(UnreachableReason.ROOT_LOST, builder.instance(builder.javaLangThread()))
                .set("eetop", 0x7f00_0000L)
                .set("name", name);
        expect(UnreachableReason.GARBAGE, builder.instance(builder.javaLangThread()));
        FakeInstance lostLoader = expect(UnreachableReason.GARBAGE, builder.instance(node));
        expect(UnreachableReason.GARBAGE, builder.classNamed("Unloading").loadedBy(lostLoader));
        check();
    }

    @Test
    void aReachableObjectHasNoReason() throws IOException {
        FakeInstance kept = builder.instance(builder.classNamed("Node"));
        builder.classNamed("Holder").staticField("KEPT", kept);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            UnreachableReasons reasons = UnreachableReasons.find(heap, Progress.NONE);
            assertThatIllegalArgumentException().isThrownBy(() -> reasons.of(Heaps.node(heap, kept)));
        }
    }

    /** The JVM collected just before it wrote these: what it kept is in use, whatever the dump leaves out. */
    @ParameterizedTest
    @CsvSource({"hello17, 2", "basic17, 2", "basic17-nocoops, 2", "basic25-coh, 4", "vthreads25, 3", "loaders25, 3"})
    void inALiveDumpNearlyNothingIsGarbage(String name, long atMost) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Heaps.open(Fixtures.java().orElseThrow().resolve(name + ".hprof.gz"))) {
            UnreachableReasons reasons = UnreachableReasons.find(heap, Progress.NONE);

            assertThat(heap.totals().unreachableObjects()).isGreaterThan(100);
            assertThat(reasons.objects(UnreachableReason.GARBAGE)).isLessThanOrEqualTo(atMost);
        }
    }

    /** Without a collection before the dump most of what is unreachable is garbage. */
    @ParameterizedTest
    @CsvSource({"refs17-all, 900", "oracle_jdk8_05_x64, 7000", "basic25-all, 1800"})
    void otherDumpsHaveGarbage(String name, long atLeast) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Heaps.open(Fixtures.java().orElseThrow().resolve(name + ".hprof.gz"))) {
            UnreachableReasons reasons = UnreachableReasons.find(heap, Progress.NONE);

            assertThat(reasons.objects(UnreachableReason.GARBAGE)).isGreaterThan(atLeast);
        }
    }
}

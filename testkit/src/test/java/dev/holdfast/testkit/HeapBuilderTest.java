package dev.holdfast.testkit;

import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapBuilderTest {
    @Test
    void cyclesThreadsArraysAndStaticsMakeAWholeDump() {
        HeapBuilder heap = new HeapBuilder();
        FakeClass node =
                heap.classNamed("com.example.Node").field("next", OBJECT).field("value", INT);
        FakeInstance a = heap.instance(node).set("value", 1);
        FakeInstance b = heap.instance(node).set("next", a);
        a.set("next", b);
        heap.classNamed("com.example.Cache").staticField("all", heap.array(node, a, b));
        FakeThread main = heap.thread("main");
        main.frame(node, "run", "Node.java", 12)
                .local(a)
                .caller(node, "main", "Node.java", 3)
                .local(b)
                .jniLocal(b);
        heap.root(FakeRoot.JNI_GLOBAL, a);
        for (Compression compression : Compression.values()) {
            assertThat(heap.toBytes(compression)).isNotEmpty();
        }

        RecordWalker walker = new RecordWalker(heap.toBytes());
        assertThat(walker.format).isEqualTo("JAVA PROFILE 1.0.2");
        assertThat(walker.idSize).isEqualTo(8);
        // Object, Class, Node, Node[], Cache, Thread, String, byte[].
        assertThat(walker.records)
                .containsAllEntriesOf(Map.of(
                        HprofTag.LOAD_CLASS, 8,
                        HprofTag.FRAME, 2,
                        HprofTag.TRACE, 2,
                        HprofTag.HEAP_DUMP_SEGMENT, 1,
                        HprofTag.HEAP_DUMP_END, 1));
        assertThat(walker.subRecords)
                .isEqualTo(Map.of(
                        HprofTag.CLASS_DUMP, 8,
                        HprofTag.INSTANCE_DUMP, 4,
                        HprofTag.OBJECT_ARRAY_DUMP, 1,
                        HprofTag.PRIMITIVE_ARRAY_DUMP, 1,
                        HprofTag.ROOT_THREAD_OBJ, 1,
                        HprofTag.ROOT_JAVA_FRAME, 2,
                        HprofTag.ROOT_JNI_LOCAL, 1,
                        HprofTag.ROOT_JNI_GLOBAL, 1,
                        HprofTag.ROOT_STICKY_CLASS, 6));
    }

    @Test
    void objectsAreSpacedByTheirSizeInTheLayout() {
        HeapBuilder heap = new HeapBuilder();
        FakeClass node = heap.classNamed("Node").field("next", OBJECT).field("value", INT);
        FakeInstance first = heap.instance(node);
        FakeArray array = heap.zeros(INT, 3);
        FakeInstance last = heap.instance(node);
        assertThat(first.shallowSize()).isEqualTo(24);
        assertThat(array.address() - first.address()).isEqualTo(24);
        assertThat(last.address() - array.address()).isEqualTo(32).isEqualTo(array.shallowSize());
        FakeInstance far = heap.nextAt(0xFFFF_8000L).instance(node);
        assertThat(far.address()).isEqualTo(0xFFFF_8000L);
    }

    @Test
    void anInstanceHoldsItsOwnFieldsBeforeThoseOfItsSuperclass() {
        HeapBuilder heap = new HeapBuilder(4, FakeLayout.BITS32);
        FakeClass base = heap.classNamed("Base").field("x", INT).field("y", HprofType.DOUBLE);
        FakeClass derived = heap.classNamed("Derived").extending(base).field("x", INT);
        FakeInstance object = heap.instance(derived).set("x", 0x11223344).set("y", 1.0);
        HprofWriter out = HprofWriter.inMemory(4);
        object.write(out);
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        assertThat(bytes.get()).isEqualTo((byte) HprofTag.INSTANCE_DUMP);
        assertThat(bytes.getInt()).isEqualTo((int) object.address());
        assertThat(bytes.getInt()).isEqualTo(1);
        assertThat(bytes.getInt()).isEqualTo((int) derived.address());
        assertThat(bytes.getInt()).isEqualTo(16);
        assertThat(bytes.getInt()).isEqualTo(0x11223344);
        assertThat(bytes.getInt()).as("hidden x of Base").isZero();
        assertThat(bytes.getDouble()).isEqualTo(1.0);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void fieldsAreCheckedWhenSet() {
        HeapBuilder heap = new HeapBuilder();
        FakeInstance object = heap.instance(heap.classNamed("A").field("x", INT).field("r", OBJECT));
        assertThatThrownBy(() -> object.set("y", 1)).hasMessageContaining("no field y");
        assertThatThrownBy(() -> object.set("x", FakeRef.NULL)).hasMessageContaining("x is INT");
        assertThatThrownBy(() -> object.set("r", 1)).hasMessageContaining("reference");
        assertThatThrownBy(() -> object.type().field("late", INT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oldFormatIsOneRecordWithoutEndAndSeveralDumpsFitIntoOneFile() {
        HeapBuilder heap = new HeapBuilder(4, FakeLayout.BITS32).version(HprofWriter.V1_0_1);
        heap.string("text");
        HprofWriter out = HprofWriter.inMemory(4);
        heap.writeTo(out);
        heap.writeRecords(out);
        RecordWalker walker = new RecordWalker(out.toByteArray());
        assertThat(walker.records).containsEntry(HprofTag.HEAP_DUMP, 2).doesNotContainKey(HprofTag.HEAP_DUMP_END);
        assertThat(walker.subRecords).containsEntry(HprofTag.INSTANCE_DUMP, 2);
    }

    @Test
    void segmentsStayBelowTheirLimit() {
        HeapBuilder heap = new HeapBuilder().segments(300).rootsFirst().classesLast();
        FakeClass node = heap.classNamed("Node").field("next", OBJECT);
        FakeInstance previous = heap.instance(node);
        for (int i = 0; i < 100; i++) {
            previous = heap.instance(node).set("next", previous);
        }
        RecordWalker walker = new RecordWalker(heap.toBytes());
        assertThat(walker.largestSegment).isBetween(250L, 300L);
        assertThat(walker.subRecords).containsEntry(HprofTag.INSTANCE_DUMP, 101);
    }
}

package dev.holdfast.dump.goheapdump;

import static dev.holdfast.testkit.GoHeapDumpWriter.HEAP;
import static dev.holdfast.testkit.GoHeapDumpWriter.Word.number;
import static dev.holdfast.testkit.GoHeapDumpWriter.Word.pointer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.GoHeapDumpWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GoHeapDumpFileTest {
    private static final String OLD = "go1.21.13";
    private static final String NEW = "go1.22.12";
    private static final long PAGE = 8192;
    private static final long CODE = 0x401000;

    private static DumpFile open(GoHeapDumpWriter dump) throws IOException {
        return GoHeapDumpFormat.open(dump.bytes(), "dump", DumpOptions.DEFAULT.withThreads(2));
    }

    private static GoHeapDumpWriter dump(String version) {
        return new GoHeapDumpWriter().parameters(version);
    }

    private static GoHeapDumpWriter ended(GoHeapDumpWriter dump) {
        return dump.data(0x500000, 8).bss(0x600000, 8).statistics().end();
    }

    @Test
    void objectsHaveTheSizeOfTheirSlotAndTheirPointersInOrder() throws IOException {
        GoHeapDumpWriter dump = ended(dump(OLD)
                .object(HEAP, 32, pointer(8, HEAP + 32), number(16, HEAP), pointer(24, HEAP))
                .object(HEAP + 32, 32));

        try (DumpFile file = open(dump)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.objects.keySet()).containsExactly(HEAP, HEAP + 32);
            CollectedGoDump.Found first = Objects.requireNonNull(all.objects.get(HEAP));
            assertThat(first.size()).isEqualTo(32);
            assertThat(first.type()).isEqualTo("(unknown 32 bytes)");
            assertThat(first.targets()).containsExactly(HEAP + 32, HEAP);
            assertThat(first.slots())
                    .extracting(slot -> file.referenceName(HEAP, 1, slot))
                    .containsExactly("+8", "+24");
            assertThat(Objects.requireNonNull(all.objects.get(HEAP + 32)).type())
                    .isEqualTo("(unknown 32 bytes, no pointers)");
            assertThat(file.warnings()).isEmpty();
        }
    }

    @Test
    void pointersIntoAnObjectLeadToItsStart() throws IOException {
        GoHeapDumpWriter dump = ended(dump(OLD)
                .object(HEAP, 48, pointer(0, HEAP + 48 + 47), pointer(8, HEAP + 2 * 48), pointer(16, HEAP + 3 * 48))
                .object(HEAP + 48, 48)
                .object(HEAP + 3 * 48, 48));

        try (DumpFile file = open(dump)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            List<Long> targets = Objects.requireNonNull(all.objects.get(HEAP)).targets();
            // The free slot in the middle is no object; the graph counts such a reference as dangling.
            assertThat(targets).containsExactly(HEAP + 48, HEAP + 2 * 48, HEAP + 3 * 48);
            assertThat(all.objects).doesNotContainKey(HEAP + 2 * 48);
        }
    }

    @Test
    void aSlotWithAHeaderHoldsItsObjectBehindIt() throws IOException {
        long descriptor = 0x480000;
        GoHeapDumpWriter dump = ended(dump(NEW)
                .type(descriptor, 600, "example.com/shop.Cart")
                .object(HEAP, 640, number(0, descriptor), pointer(16, HEAP + 640 + 8))
                .object(HEAP + 640, 640, number(0, 0x480100), pointer(8, HEAP + 640 + 500)));

        try (DumpFile file = open(dump)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.objects.keySet()).containsExactly(HEAP + 8, HEAP + 640 + 8);
            CollectedGoDump.Found cart = Objects.requireNonNull(all.objects.get(HEAP + 8));
            assertThat(cart.type()).isEqualTo("example.com/shop.Cart");
            assertThat(cart.size()).isEqualTo(640);
            assertThat(cart.targets()).containsExactly(HEAP + 640 + 8);
            assertThat(file.referenceName(HEAP + 8, 1, cart.slots().get(0))).isEqualTo("+8");
            assertThat(file.evidence(0)).isEqualTo(Evidence.EXACT);
            CollectedGoDump.Found other = Objects.requireNonNull(all.objects.get(HEAP + 640 + 8));
            assertThat(other.type()).isEqualTo("(unknown 640 bytes)");
            assertThat(other.targets()).containsExactly(HEAP + 640 + 8);
            assertThat(file.evidence(1)).isEqualTo(Evidence.NONE);
        }
    }

    @Test
    void olderReleasesAndPointerFreeSlotsHaveNoHeader() throws IOException {
        try (DumpFile file = open(ended(dump(OLD).object(HEAP, 640, number(0, 1), pointer(8, HEAP))))) {
            assertThat(CollectedGoDump.of(file).objects.keySet()).containsExactly(HEAP);
        }
        try (DumpFile file = open(ended(dump(NEW).object(HEAP, 640, number(0, 0x480000))))) {
            assertThat(CollectedGoDump.of(file).objects.keySet()).containsExactly(HEAP);
        }
    }

    @Test
    void anObjectOfItsOwnSpanIsToldFromTheLargestSizeClass() throws IOException {
        int size = 32768;
        GoHeapDumpWriter dump = ended(dump(NEW)
                .type(0x480000, 8, "a.A")
                .type(0x490000, 8, "a.B")
                .object(HEAP, size, number(0, 0x480100), pointer(8, HEAP))
                .object(HEAP + size, size, pointer(0, HEAP), pointer(8, HEAP))
                .object(HEAP + 2L * size, size, number(0, 77), pointer(8, HEAP)));

        try (DumpFile file = open(dump)) {
            assertThat(CollectedGoDump.of(file).objects.keySet())
                    .containsExactly(HEAP + 8, HEAP + size, HEAP + 2L * size);
        }
    }

    @Test
    void packageVariablesGoroutinesAndTheirFramesHoldObjects() throws IOException {
        GoHeapDumpWriter dump = dump(OLD);
        for (int i = 0; i < 9; i++) {
            dump.object(
                    HEAP + 64L * i, 64, number(0, i == 0 ? HEAP + 0x8000 : 0), number(8, i == 0 ? HEAP + 0x9000 : 0));
        }
        dump.goroutine(HEAP, HEAP + 0x8100, 7, "chan receive")
                .frame(HEAP + 0x8100, 0, "runtime.gopark", CODE, CODE + 8, 32)
                .frame(HEAP + 0x8120, 1, "main.work", CODE + 100, CODE + 120, 64, pointer(16, HEAP + 64 + 7))
                .frame(HEAP + 0x8160, 2, "main.main.func1", CODE + 300, CODE + 320, 24, pointer(8, HEAP + 128))
                .frame(HEAP + 0x8178, 3, "runtime.goexit", CODE + 500, CODE + 501, 8)
                .deferred(HEAP + 192, HEAP, HEAP + 256)
                .panic(CODE, HEAP, HEAP + 320)
                .data(0x500000, 16, pointer(8, HEAP + 384 + 8), pointer(0, HEAP))
                .bss(0x600000, 16, pointer(0, HEAP + 448), pointer(8, 0x500000))
                .otherRoot("strange root", HEAP + 512)
                .statistics()
                .end();

        try (DumpFile file = open(dump)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.roots.holders())
                    .extracting(Holder::kind, Holder::name, Holder::parent, Holder::thread, Holder::frame)
                    .containsExactly(
                            tuple(RootKind.GLOBAL, "bss", -1, -1, -1),
                            tuple(RootKind.GLOBAL, "data", -1, -1, -1),
                            tuple(RootKind.GOROUTINE, "main.main.func1", -1, 0, -1),
                            tuple(RootKind.FRAME, "main.work", 2, 0, 1),
                            tuple(RootKind.FRAME, "main.main.func1", 2, 0, 2),
                            tuple(RootKind.RUNTIME, "strange root", -1, -1, -1));
            assertThat(all.heldBy("data"))
                    .as("a goroutine belongs to its own node")
                    .containsExactly(HEAP + 384);
            assertThat(all.heldBy("bss")).containsExactly(HEAP + 448);
            assertThat(all.heldBy("main.work")).containsExactly(HEAP + 64);
            assertThat(all.heldBy("main.main.func1"))
                    .containsExactly(HEAP, HEAP + 192, HEAP + 256, HEAP + 320, HEAP + 128);
            assertThat(all.heldBy("strange root")).containsExactly(HEAP + 512);
            assertThat(Objects.requireNonNull(all.objects.get(HEAP)).type()).isEqualTo("runtime.g");
            assertThat(file.rootsLost()).isFalse();
        }
    }

    @Test
    void goroutinesAreThreadsWithStateStackAndCreator() throws IOException {
        GoHeapDumpWriter dump = dump(OLD)
                .object(HEAP, 448, number(0, HEAP + 0x8000), number(8, HEAP + 0x9000))
                .object(HEAP + 448, 448, number(0, HEAP + 0xa000), number(8, HEAP + 0xb000))
                .goroutine(HEAP, HEAP + 0x8100, 1, "select")
                .frame(HEAP + 0x8100, 0, "main.wait", CODE, CODE + 8, 32)
                .frame(HEAP + 0x8120, 1, "main.main", CODE + 100, CODE + 150, 48)
                .frame(HEAP + 0x8150, 2, "runtime.goexit", CODE + 500, CODE + 501, 8)
                .goroutine(HEAP + 448, HEAP + 0xb000, 18, 0x1003, true, CODE + 120, "left over")
                .goroutine(HEAP + 0x10000, HEAP + 0xc000, 19, 1, false, CODE + 151, "");

        try (DumpFile file = open(ended(dump))) {
            CollectedGoDump.of(file);
            assertThat(file.threads())
                    .extracting(
                            DumpThread::id,
                            DumpThread::name,
                            DumpThread::state,
                            DumpThread::waitReason,
                            DumpThread::system,
                            DumpThread::creator,
                            DumpThread::stackBytes)
                    .containsExactly(
                            tuple(1L, "main.main", "waiting", "select", false, null, 0x1000L),
                            tuple(18L, "(unknown function)", "syscall", null, true, "main.main", -1L),
                            tuple(19L, "(unknown function)", "runnable", null, false, null, -1L));
            assertThat(file.threads().get(0).frames())
                    .extracting(StackFrame::function, StackFrame::bytes)
                    .containsExactly(tuple("main.wait", 32L), tuple("main.main", 48L));
        }
    }

    @Test
    void aPointerIntoTheOwnStackLeadsToAVariableWhoseWordsMayBePointers() throws IOException {
        GoHeapDumpWriter dump = dump(OLD);
        for (int i = 0; i < 4; i++) {
            dump.object(HEAP + 64L * i, 64);
        }
        long sp = HEAP + 0x8100;
        dump.goroutine(HEAP, sp, 1, "chan send")
                .frame(sp, 0, "runtime.chansend", CODE, CODE + 8, 32, pointer(8, sp + 32 + 24))
                .frame(
                        sp + 32,
                        1,
                        "main.send",
                        CODE + 100,
                        CODE + 120,
                        48,
                        number(16, HEAP + 128),
                        number(24, HEAP + 64),
                        number(32, sp + 32 + 24),
                        number(40, 77));

        try (DumpFile file = open(ended(dump))) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.heldBy("main.send"))
                    .as("what is below the variable is none of it")
                    .containsExactly(HEAP, HEAP + 64);
            assertThat(all.perhapsHeldBy("main.send")).containsExactly(HEAP + 64);
        }
    }

    @Test
    void everyWordOfAFunctionThatASignalInterruptedMayBeAPointer() throws IOException {
        GoHeapDumpWriter dump = dump(OLD);
        for (int i = 0; i < 4; i++) {
            dump.object(HEAP + 64L * i, 64);
        }
        long sp = HEAP + 0x8100;
        dump.goroutine(HEAP, sp, 1, 1, false, 0, "")
                .frame(sp, 0, "runtime.asyncPreempt2", CODE, CODE + 8, 16, pointer(8, HEAP + 192))
                .frame(sp + 16, 1, "runtime.asyncPreempt", CODE + 100, CODE + 120, 16, pointer(8, HEAP + 64))
                .frame(sp + 32, 2, "main.spin", CODE + 200, CODE + 210, 16, number(0, HEAP + 128))
                .frame(sp + 48, 3, "main.main", CODE + 300, CODE + 310, 16, number(0, HEAP + 128));

        try (DumpFile file = open(ended(dump))) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.heldBy("runtime.asyncPreempt2")).containsExactly(HEAP + 192);
            assertThat(all.perhapsHeldBy("runtime.asyncPreempt2")).isEmpty();
            assertThat(all.perhapsHeldBy("runtime.asyncPreempt")).containsExactly(HEAP + 64);
            assertThat(all.perhapsHeldBy("main.spin")).containsExactly(HEAP + 128);
            assertThat(all.heldBy("main.main")).containsExactly(HEAP);
        }
    }

    @Test
    void finalizersAreEdgesOfTheirObjectsAndQueuedOnesAreHeld() throws IOException {
        GoHeapDumpWriter dump = dump(OLD);
        for (int i = 0; i < 6; i++) {
            dump.object(HEAP + 64L * i, 64, pointer(8, i == 0 ? HEAP + 128 + 5 : 0), pointer(16, HEAP + 64L * i));
        }
        dump.finalizer(false, HEAP + 3, HEAP + 64)
                .finalizer(false, HEAP + 192, CODE)
                .finalizer(true, HEAP + 256, HEAP + 320);

        try (DumpFile file = open(ended(dump))) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(all.roots.ownedCount()).isEqualTo(1);
            assertThat(all.roots.ownedSource(0)).isEqualTo(HEAP);
            assertThat(all.roots.ownedTarget(0)).isEqualTo(HEAP + 64);
            assertThat(all.roots.conditional())
                    .containsExactly(
                            new ConditionalRoot(RootKind.FINALIZER, HEAP, HEAP + 64),
                            new ConditionalRoot(RootKind.FINALIZER, HEAP, HEAP + 128));
            assertThat(all.heldBy("finalizer queue")).containsExactly(HEAP + 256, HEAP + 320);
        }
    }

    @Test
    void sampledObjectsHaveTheStackOfTheirAllocation() throws IOException {
        GoHeapDumpWriter dump = ended(dump(OLD).object(HEAP, 16).object(HEAP + 16, 16))
                .bucket(0x700000, 16, "main.fill", "main.go", 12)
                .sample(HEAP + 16 + 4, 0x700000)
                .sample(HEAP + 16 + 8, 0x700000)
                .sample(HEAP, 0x700008)
                .end();
        byte[] bytes = dump.bytes();
        // The records of the profiler come before the last one.
        int end = ended(dump(OLD).object(HEAP, 16).object(HEAP + 16, 16)).size() - 1;
        byte[] ordered = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, ordered, 0, end);
        System.arraycopy(bytes, end + 1, ordered, end, ordered.length - end);

        try (DumpFile file = GoHeapDumpFormat.open(ordered, "dump", DumpOptions.DEFAULT)) {
            CollectedGoDump.of(file);
            AllocationSites sites = file.allocationSites();
            assertThat(sites.count()).isEqualTo(1);
            assertThat(sites.address(0)).isEqualTo(HEAP + 16);
            assertThat(sites.stacks().get(sites.site(0)))
                    .containsExactly(new StackFrame("main.fill", "main.go", 12, false));
        }
    }

    @Test
    void memoryStatisticsBecomeMemoryClassesThatAddUp() throws IOException {
        GoHeapDumpWriter dump = dump(OLD)
                .object(HEAP, 64)
                .data(0x500000, 8)
                .bss(0x600000, 8)
                .statistics(
                        number(2, 1000),
                        number(6, 64),
                        number(7, 700),
                        number(8, 500),
                        number(9, 200),
                        number(10, 300),
                        number(11, 1),
                        number(12, 100),
                        number(13, 110),
                        number(14, 20),
                        number(15, 30),
                        number(16, 5),
                        number(17, 7),
                        number(18, 40),
                        number(19, 50),
                        number(20, 63))
                .end();

        try (DumpFile file = open(dump)) {
            CollectedGoDump.of(file);
            assertThat(file.memoryClasses())
                    .contains(
                            new MemoryClass("/memory/classes/heap/unused:bytes", 136),
                            new MemoryClass("/memory/classes/heap/free:bytes", 200),
                            new MemoryClass("/memory/classes/os-stacks:bytes", 10),
                            new MemoryClass("/memory/classes/total:bytes", 1000));
            assertThat(file.identities()).hasSize(3).allMatch(DumpIdentity::holds);
        }
    }

    @Test
    void singleObjectsAreReadByAddress() throws IOException {
        GoHeapDumpWriter dump = dump(NEW);
        for (int i = 0; i < 100; i++) {
            dump.object(HEAP + 16L * i, 16, pointer(8, HEAP + 16L * ((i + 1) % 100)));
        }
        dump.object(HEAP + PAGE, 640, number(0, 0x480000), pointer(24, HEAP + 3), pointer(600, 0));

        try (DumpFile file = open(ended(dump))) {
            CollectedGoDump.of(file);
            RecordedObject small = Objects.requireNonNull(file.read(HEAP + 16L * 70));
            assertThat(small.fields())
                    .extracting(FieldValue::name, FieldValue::bits)
                    .containsExactly(tuple("+8", HEAP + 16L * 71));
            assertThat(file.types().get(small.type()).name()).isEqualTo("(unknown 16 bytes)");
            assertThat(file.readReferences(HEAP + PAGE + 8, 10))
                    .containsExactly(new DumpFile.NamedReference("+16", HEAP));
            RecordedObject large = Objects.requireNonNull(file.read(HEAP + PAGE + 8));
            assertThat(large.fields()).extracting(FieldValue::name).containsExactly("+16", "+...");
            assertThat(file.read(HEAP + PAGE))
                    .as("the header is not the object")
                    .isNull();
            assertThat(file.read(HEAP + 8)).isNull();
            assertThat(file.read(HEAP + 16L * 100)).isNull();
        }
    }

    @Test
    void whatTheRuntimeSaysOfItselfIsTheRuntimesNameAndFacts() throws IOException {
        try (DumpFile file = open(ended(dump("go1.26.11 X:nogreenteagc").object(HEAP, 8)))) {
            assertThat(file.info().runtime()).isEqualTo("go1.26.11 X:nogreenteagc amd64");
            assertThat(file.info().format()).isEqualTo("go-heapdump");
            assertThat(file.runtimeFacts()).containsEntry("processors", "4");
        }
    }

    @Test
    void recordsBehindABrokenOneAreFound() throws IOException {
        GoHeapDumpWriter dump = dump(OLD);
        for (int i = 0; i < 50; i++) {
            dump.object(HEAP + 64L * i, 64, pointer(8, HEAP));
        }
        int broken = dump.size();
        dump.number(99);
        for (int i = 50; i < 100; i++) {
            dump.object(HEAP + 64L * i, 64, pointer(8, HEAP));
        }
        byte[] bytes = ended(dump).bytes();

        try (DumpFile file = GoHeapDumpFormat.open(bytes, "dump", DumpOptions.DEFAULT)) {
            assertThat(CollectedGoDump.of(file).objects).hasSize(100);
            assertThat(file.chunkCount()).isEqualTo(2);
            assertThat(file.warnings())
                    .extracting(DumpWarning::code, DumpWarning::offset, DumpWarning::count, DumpWarning::loss)
                    .containsExactly(tuple("broken-record", (long) broken, 1L, true));
        }
        assertThatThrownBy(() -> {
                    try (DumpFile strict = GoHeapDumpFormat.open(bytes, "dump", DumpOptions.DEFAULT.withStrict(true))) {
                        CollectedGoDump.of(strict);
                    }
                })
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("unknown kind 99");
    }

    @Test
    void aDumpThatEndsTooEarlyHasLostItsRoots() throws IOException {
        try (DumpFile file = open(dump(OLD).object(HEAP, 64))) {
            assertThat(CollectedGoDump.of(file).objects).hasSize(1);
            assertThat(file.rootsLost()).isTrue();
            assertThat(file.warnings()).extracting(DumpWarning::code).containsExactly("no-end");
        }
    }

    @Test
    void otherProgramsAndFormatsAreRefusedByName() {
        GoHeapDumpWriter wide = new GoHeapDumpWriter()
                .number(6)
                .number(1)
                .number(4)
                .number(0)
                .number(0)
                .number(0)
                .number(0)
                .number(1);
        assertThatThrownBy(() -> open(wide))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("big-endian program with pointers of 4 bytes");
        byte[] old = "go1.4 heap dump\n......".getBytes(StandardCharsets.US_ASCII);
        assertThat(new GoHeapDumpFormat().recognises(old)).isTrue();
        assertThatThrownBy(() -> GoHeapDumpFormat.open(old, "dump", DumpOptions.DEFAULT))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("go1.4 heap dump");
        assertThat(new GoHeapDumpFormat().recognises("JAVA PROFILE 1.0.2".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
        assertThatThrownBy(() -> CollectedGoDump.of(open(ended(dump(OLD)))))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("no object");
    }
}

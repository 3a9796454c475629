package dev.holdfast.report;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Judgement;
import dev.holdfast.roots.Verdict.Reason;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small heaps built so that the answer is known: why there is no suspect, and where one becomes several. Bytes are those of
 * the objects that the test made; the only other ones are class objects, of a few hundred bytes.
 */
class VerdictReasonsTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder = Path.of("");

    private final HeapBuilder builder = new HeapBuilder();

    private interface Check {
        void of(JudgedHeap heap);
    }

    /** Else the class objects of arrays would belong to whoever alone has such an array. */
    @BeforeEach
    void arrayClassesAreEverybodys() {
        builder.root(FakeRoot.JNI_GLOBAL, bytes(0));
        builder.root(FakeRoot.JNI_GLOBAL, pile(0, 0));
    }

    private void check(Check check) throws IOException {
        Path dump = folder.resolve("heap.hprof");
        builder.toFile(dump);
        try (JudgedHeap heap = JudgedHeap.open(dump)) {
            new CheckedVerdict(heap).check("the heap");
            check.of(heap);
        }
    }

    private FakeArray bytes(long size) {
        return builder.zeros(BYTE, (int) size);
    }

    /** A class with a static field of its own that refers to something. */
    private FakeClass owner(String name, FakeRef held) {
        return builder.classNamed("com.example." + name).staticField("held", held);
    }

    /** An array of arrays of bytes of one size; the bytes of all. */
    private FakeArray pile(int count, long each) {
        FakeArray pile = builder.arrayOfLength(builder.javaLangObject(), count);
        for (int i = 0; i < count; i++) {
            pile.set(i, bytes(each));
        }
        return pile;
    }

    /** So much, in small parts held by owners of which none has a large one. */
    private void spread(int owners, long each) {
        for (int i = 0; i < owners; i++) {
            owner("Part" + i, bytes(each));
        }
    }

    @Test
    void aSmallHeapHasNoSuspectHoweverItIsHeld() throws IOException {
        FakeArray most = bytes(3 * MIB);
        owner("Cache", most);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SMALL);
            assertThat(heap.verdict().suspects()).isEmpty();
            assertThat(heap.verdict().largest())
                    .singleElement()
                    .satisfies(largest -> assertThat(largest.retainedBytes()).isEqualTo(most.shallowSize()));
            assertThat(heap.text())
                    .contains("No suspect", "keeps only 3.0 MiB alive", "The largest, for what they are worth:");
        });
    }

    @Test
    void aSlightlyLargerHeapOfTheSameFormHasOne() throws IOException {
        FakeArray most = bytes(4 * MIB);
        owner("Cache", most);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SUSPECTS);
            assertThat(heap.first().retainedBytes()).isEqualTo(most.shallowSize());
            assertThat(heap.first().owner().staticField()).isEqualTo("held");
        });
    }

    @Test
    void whereMostIsUnreachableThatIsSaid() throws IOException {
        spread(40, MIB / 8);
        long garbage = 0;
        for (int i = 0; i < 6; i++) {
            garbage += bytes(MIB).shallowSize();
        }
        long all = garbage;
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.GARBAGE);
            assertThat(heap.verdict().suspects()).isEmpty();
            assertThat(heap.text())
                    .contains("most of the dump is garbage", Quantities.bytes(all), "only 5.0 MiB are in use");
        });
    }

    /** Nor does it hide a leak: what is live is judged by itself. */
    @Test
    void garbageBesideALeakDoesNotExcuseIt() throws IOException {
        FakeArray pile = pile(100, MIB / 20);
        owner("Sessions", pile);
        spread(5, MIB / 8);
        for (int i = 0; i < 12; i++) {
            bytes(MIB);
        }
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SUSPECTS);
            assertThat(heap.verdict().suspects()).hasSize(1);
            Suspect.Point point = Objects.requireNonNull(heap.first().point());
            assertThat(heap.first().owner().staticClass()).isEqualTo("com.example.Sessions");
            assertThat(point.node()).isEqualTo(heap.node(pile));
            assertThat(point.elements()).isEqualTo(100);
        });
    }

    @Test
    void whatManyOwnersHoldEvenlyIsNoSuspect() throws IOException {
        spread(40, MIB / 4);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SPREAD);
            assertThat(heap.verdict().suspects()).isEmpty();
            assertThat(heap.text()).contains("10.0 MiB", "spread over many owners");
        });
    }

    /** Eleven owners have a share of 9 % each, nine of 11 %; the line is a tenth. */
    @Test
    void theLineIsATenthOfTheHeap() throws IOException {
        spread(11, MIB);
        check(heap -> assertThat(heap.verdict().reason()).isEqualTo(Reason.SPREAD));
    }

    @Test
    void ofNineEqualOwnersThreeAreNamed() throws IOException {
        spread(9, MIB);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SUSPECTS);
            assertThat(heap.verdict().suspects())
                    .hasSize(3)
                    .allSatisfy(suspect -> assertThat(suspect.share()).isBetween(0.11, 1.0 / 9));
            assertThat(heap.verdict().largest()).hasSize(3);
        });
    }

    private FakeClass referenceClass(String type) {
        FakeClass reference = builder.shared("java.lang.ref.Reference").field("referent", OBJECT);
        return builder.shared("java.lang.ref." + type).extending(reference);
    }

    private FakeArray references(FakeClass type, int count, long each) {
        FakeArray all = builder.arrayOfLength(type, count);
        for (int i = 0; i < count; i++) {
            all.set(i, builder.instance(type).set("referent", bytes(each)));
        }
        return all;
    }

    @Test
    void whatIsReferencedOnlyWeaklyIsNoLeak() throws IOException {
        owner("Cache", references(referenceClass("WeakReference"), 100, MIB / 16));
        spread(5, MIB / 8);
        long droppable = 100 * bytes(MIB / 16).shallowSize();
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.HARMLESS);
            assertThat(heap.first().judgement()).isEqualTo(Judgement.WEAK);
            assertThat(heap.first().droppableBytes()).isEqualTo(droppable);
            assertThat(heap.text().replaceAll("\\s+", " "))
                    .contains("No leak found", "Not a leak:", "referenced only weakly", Quantities.bytes(droppable));
        });
    }

    @Test
    void whatIsReferencedOnlySoftlyIsNoLeak() throws IOException {
        owner("Cache", references(referenceClass("SoftReference"), 100, MIB / 16));
        long droppable = 100 * bytes(MIB / 16).shallowSize();
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.HARMLESS);
            assertThat(heap.first().judgement()).isEqualTo(Judgement.SOFT_CACHE);
            assertThat(heap.first().droppableBytes()).isEqualTo(droppable);
        });
    }

    /** Of each entry a part is held strongly and a part weakly: more than half decides. */
    private void entries(int count, long strong, long weak) {
        FakeClass reference = referenceClass("WeakReference");
        FakeClass entry =
                builder.classNamed("com.example.Entry").field("strong", OBJECT).field("weak", OBJECT);
        FakeArray all = builder.arrayOfLength(entry, count);
        for (int i = 0; i < count; i++) {
            FakeInstance weakly = builder.instance(reference).set("referent", bytes(weak));
            all.set(i, builder.instance(entry).set("strong", bytes(strong)).set("weak", weakly));
        }
        owner("Table", all);
    }

    @Test
    void whatIsHeldStronglyToAThirdIsNoLeak() throws IOException {
        entries(60, MIB / 24, MIB / 12);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.HARMLESS);
            assertThat(heap.first().judgement()).isEqualTo(Judgement.WEAK);
        });
    }

    @Test
    void whatIsHeldStronglyToTwoThirdsIsASuspect() throws IOException {
        entries(60, MIB / 12, MIB / 24);
        long droppable = 60 * bytes(MIB / 24).shallowSize();
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SUSPECTS);
            assertThat(heap.first().judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(heap.first().droppableBytes()).isEqualTo(droppable);
            assertThat(Objects.requireNonNull(heap.first().elements()).name()).isEqualTo("com.example.Entry");
        });
    }

    @Test
    void garbageIsNamedBeforeWhatIsHarmless() throws IOException {
        owner("Cache", references(referenceClass("WeakReference"), 100, MIB / 16));
        for (int i = 0; i < 8; i++) {
            bytes(MIB);
        }
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.GARBAGE);
            assertThat(heap.verdict().suspects())
                    .singleElement()
                    .satisfies(suspect -> assertThat(suspect.judgement()).isEqualTo(Judgement.WEAK));
        });
    }

    /** An object with a field for each size; what it holds are piles of so many bytes. */
    private List<FakeArray> registry(long... sizes) {
        FakeClass type = builder.classNamed("com.example.Registry");
        for (int i = 0; i < sizes.length; i++) {
            type.field("part" + i, OBJECT);
        }
        FakeInstance registry = builder.instance(type);
        owner("Main", registry);
        List<FakeArray> parts = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            FakeArray part = pile(64, sizes[i] / 64);
            registry.set("part" + i, part);
            parts.add(part);
        }
        return parts;
    }

    private static void areTheParts(JudgedHeap heap, List<FakeArray> parts) {
        List<Suspect> suspects = heap.verdict().suspects();
        assertThat(suspects).as(heap.text()).hasSize(parts.size());
        for (int i = 0; i < suspects.size(); i++) {
            Suspect.Point point = Objects.requireNonNull(suspects.get(i).point());
            assertThat(point.node()).isEqualTo(heap.node(parts.get(i)));
            assertThat(JudgedHeap.path(suspects.get(i)))
                    .endsWith("static held com.example.Registry > part" + i + " java.lang.Object[]");
            assertThat(suspects.get(i).owner().staticClass()).isEqualTo("com.example.Main");
        }
    }

    @Test
    void whereTwoMakeUpNearlyAllBothAreNamed() throws IOException {
        List<FakeArray> parts = registry(4 * MIB, 3 * MIB, MIB / 2);
        check(heap -> {
            areTheParts(heap, parts.subList(0, 2));
            assertThat(heap.text()).contains("2 suspects together hold 7.0 MiB of the 7.5 MiB in use.");
        });
    }

    @Test
    void whereThreeMakeUpNearlyAllAllAreNamed() throws IOException {
        List<FakeArray> parts = registry(4 * MIB, 3 * MIB, 2 * MIB, MIB / 2);
        check(heap -> areTheParts(heap, parts.subList(0, 3)));
    }

    /** What has them is the point, and the largest are told of as its parts. */
    private void isOne(long... sizes) throws IOException {
        List<FakeArray> parts = registry(sizes);
        check(heap -> {
            assertThat(heap.verdict().suspects()).as(heap.text()).hasSize(1);
            Suspect.Point point = Objects.requireNonNull(heap.first().point());
            assertThat(point.name()).isEqualTo("com.example.Registry");
            assertThat(heap.first().elements()).isNull();
            assertThat(heap.first().parts())
                    .extracting(Suspect.Step::via)
                    .containsExactlyElementsOf(IntStream.range(0, Math.min(4, parts.size()))
                            .mapToObj(i -> "part" + i)
                            .toList());
            assertThat(heap.text()).contains("It divides into: part0 one java.lang.Object[]");
        });
    }

    @Test
    void fourOfAboutEqualSizeAreOneSuspect() throws IOException {
        isOne(13 * MIB / 4, 12 * MIB / 4, 11 * MIB / 4, 10 * MIB / 4);
    }

    /** Two of 35 % and 34 %, three of about 10 %: not nearly all. */
    @Test
    void twoThatMakeUpTwoThirdsAreOneSuspect() throws IOException {
        isOne(7 * MIB / 2, 17 * MIB / 5, 21 * MIB / 20, 41 * MIB / 40, MIB);
    }

    /** The branch of a fork may be harmless: it comes last, however large. */
    @Test
    void aForkIsJudgedBranchByBranch() throws IOException {
        FakeClass type = builder.classNamed("com.example.Registry")
                .field("cache", OBJECT)
                .field("live", OBJECT);
        FakeInstance registry = builder.instance(type);
        owner("Main", registry);
        registry.set("cache", references(referenceClass("WeakReference"), 64, 5 * MIB / 64));
        registry.set("live", pile(64, 3 * MIB / 64));
        check(heap -> {
            assertThat(heap.verdict().suspects())
                    .as(heap.text())
                    .extracting(Suspect::judgement)
                    .containsExactly(Judgement.SUSPECT, Judgement.WEAK);
            assertThat(JudgedHeap.path(heap.first())).endsWith("live java.lang.Object[]");
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SUSPECTS);
            assertThat(heap.text()).contains("One suspect holds 3.0 MiB of the 8.0 MiB in use.");
        });
    }

    @Test
    void aListSpreadsAtItsFirstNode() throws IOException {
        FakeClass node =
                builder.classNamed("com.example.Node").field("next", OBJECT).field("value", OBJECT);
        FakeInstance head = builder.instance(node).set("value", bytes(MIB / 16));
        owner("Queue", head);
        FakeInstance last = head;
        for (int i = 1; i < 100; i++) {
            FakeInstance next = builder.instance(node).set("value", bytes(MIB / 16));
            last.set("next", next);
            last = next;
        }
        check(heap -> {
            assertThat(heap.verdict().suspects()).as(heap.text()).hasSize(1);
            assertThat(Objects.requireNonNull(heap.first().point()).node()).isEqualTo(heap.node(head));
            Suspect.Amount elements = Objects.requireNonNull(heap.first().elements());
            assertThat(elements.name()).isEqualTo("com.example.Node");
            assertThat(elements.objects()).isEqualTo(100);
        });
    }

    /** Objects that two caches have, and so many bytes beside that are spread. */
    private void shared(int objects, long each, long beside) {
        FakeClass type = builder.classNamed("com.example.Shared").field("data", OBJECT);
        FakeArray one = builder.arrayOfLength(type, objects);
        FakeArray other = builder.arrayOfLength(type, objects);
        for (int i = 0; i < objects; i++) {
            FakeInstance shared = builder.instance(type).set("data", bytes(each));
            one.set(i, shared);
            other.set(i, shared);
        }
        owner("One", one);
        owner("Other", other);
        spread(40, beside / 40);
    }

    @Test
    void whatTwoOwnersShareIsNamedWithBoth() throws IOException {
        shared(100, MIB / 32, 7 * MIB);
        check(heap -> {
            assertThat(heap.verdict().suspects()).as(heap.text()).hasSize(1);
            assertThat(heap.first().isOwnerless()).isTrue();
            assertThat(heap.first().path())
                    .singleElement()
                    .satisfies(step -> assertThat(step.objects()).isEqualTo(100));
            assertThat(heap.first().reachedFrom())
                    .containsExactly(
                            new Suspect.Reached(null, "class com.example.One", 1),
                            new Suspect.Reached(null, "class com.example.Other", 1));
            assertThat(heap.text().replaceAll("\\s+", " "))
                    .contains("has no single owner", "class com.example.One and class com.example.Other");
        });
    }

    /** The line for what nobody owns alone is a quarter. */
    @Test
    void aFifthThatTwoOwnersShareIsNoSuspect() throws IOException {
        shared(100, MIB / 32, 12 * MIB);
        check(heap -> {
            assertThat(heap.verdict().reason()).isEqualTo(Reason.SPREAD);
            assertThat(heap.verdict().largest())
                    .singleElement()
                    .satisfies(largest -> assertThat(largest.isOwnerless()).isTrue());
        });
    }
}

package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heaps laid out by a known layout, and what is inferred of them. */
class LayoutInferenceTest {
    static List<ObjectLayout> layouts() {
        List<ObjectLayout> all = new ArrayList<>();
        for (int alignment : new int[] {8, 16, 64}) {
            all.addAll(LayoutCandidates.of(8, alignment, false));
        }
        all.addAll(LayoutCandidates.of(4, 8, false));
        return all;
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theLayoutOfADenseHeapIsFound(ObjectLayout layout) {
        Heap heap = new Heap(layout, 7, 60, 20_000, 0);
        InferredLayout found = heap.infer(LayoutHints.NONE, LayoutOverride.NONE);

        assertThat(found.layout().alignment()).isEqualTo(layout.alignment());
        assertThat(found.assumed()).isFalse();
        assertThat(found.confidence()).isEqualTo(1);
        heap.assertSizes(found);
        if (layout.alignment() == 8) {
            assertThat(found.layout()).isEqualTo(layout);
            assertThat(found.runnerUp()).isLessThan(0.9);
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void gapsAndAFewDamagedIdsChangeNothing(ObjectLayout layout) {
        Heap heap = new Heap(layout, 11, 60, 20_000, 0.4);
        heap.damage(3);
        InferredLayout found = heap.infer(LayoutHints.NONE, LayoutOverride.NONE);

        assertThat(found.layout().alignment()).isEqualTo(layout.alignment());
        heap.assertSizes(found);
    }

    @Test
    void aTinyHeapGoesByTheSystemProperties() {
        for (ObjectLayout layout : LayoutCandidates.of(8, 8, false)) {
            if (layout.header() != 12) {
                continue;
            }
            Heap heap = new Heap(layout, 5, 4, 30, 0);
            LayoutHints hints = new LayoutHints(
                    layout.rule() == FieldRule.BY_LEVEL ? "25.80-b11" : "17.0.15+6",
                    layout.reference() == 4 ? "32-bit" : null,
                    "64");
            InferredLayout found = heap.infer(hints, LayoutOverride.NONE);

            assertThat(found.layout()).isEqualTo(layout);
        }
    }

    @Test
    void idsThatAreNoAddressesGiveDefaults() {
        Heap heap = new Heap(LayoutCandidates.of(8, 8, false).get(0), 3, 60, 5_000, 0);
        heap.renumber();
        InferredLayout found = heap.infer(new LayoutHints("25.0.1+8", null, "64"), LayoutOverride.NONE);

        assertThat(found.assumed()).isTrue();
        assertThat(found.confidence()).isZero();
        assertThat(found.layout()).isEqualTo(new ObjectLayout(12, 8, 8, FieldRule.FILL_HOLES, ArrayBase.ELEMENT));
        assertThat(found.enlarged()).isEmpty();
    }

    @Test
    void aDumpWithoutObjectsHasALayout() {
        InferredLayout found = LayoutInference.infer(
                List.of(), new LayoutEvidence(), 8, address -> -1, LayoutHints.NONE, LayoutOverride.NONE);

        assertThat(found.assumed()).isTrue();
        assertThat(found.layout().header()).isEqualTo(12);
        assertThat(found.stackChunkClass()).isEqualTo(-1);
    }

    @Test
    void whatTheCallerDecidesHoldsAgainstAllEvidence() {
        Heap heap = new Heap(LayoutCandidates.of(8, 8, false).get(0), 3, 60, 5_000, 0);

        assertThat(heap.infer(LayoutHints.NONE, LayoutOverride.parse("reference=8"))
                        .layout()
                        .reference())
                .isEqualTo(8);
        assertThat(heap.infer(LayoutHints.NONE, LayoutOverride.parse("header=8,arrays=jdk22,rule=jdk14"))
                        .layout())
                .isEqualTo(new ObjectLayout(8, 4, 8, FieldRule.BY_LEVEL, ArrayBase.WORD));
        assertThat(heap.infer(LayoutHints.NONE, LayoutOverride.parse("alignment=32"))
                        .layout()
                        .alignment())
                .isEqualTo(32);
    }

    @Test
    void aClassOfTheJdkThatAlwaysTakesMoreIsPutRight() {
        ObjectLayout layout = LayoutCandidates.of(8, 8, false).get(0);
        Heap heap = new Heap(layout, 3, 60, 20_000, 0);
        int enlarged = heap.addClass("jdk/internal/Enlarged", new FieldWidths(1, 0, 1, 0, 0));
        int ordinary = heap.addClass("com.example.Ordinary", new FieldWidths(1, 0, 1, 0, 0));
        for (int i = 0; i < 5; i++) {
            heap.place(enlarged, 24 + 16);
            heap.place(ordinary, 24);
        }
        InferredLayout found = heap.infer(LayoutHints.NONE, LayoutOverride.NONE);

        assertThat(found.instance(enlarged)).isEqualTo(40);
        assertThat(found.sizing(enlarged)).isEqualTo(Sizing.SPACING);
        assertThat(found.instance(ordinary)).isEqualTo(24);
        assertThat(found.sizing(ordinary)).isEqualTo(Sizing.RULE);
        assertThat(found.enlarged())
                .containsExactly(new InferredLayout.Enlarged("jdk/internal/Enlarged", 5, 24, 40, Sizing.SPACING));
    }

    @Test
    void subclassesOfAnEnlargedClassGrowWithIt() {
        ObjectLayout layout = LayoutCandidates.of(8, 8, false).get(0);
        Heap heap = new Heap(layout, 3, 60, 20_000, 0);
        // 12 + 8 references = 44, with the VM's pointer 56: 48 and 56 bytes.
        int loader = heap.addClass("java/lang/ClassLoader", new FieldWidths(8, 0, 0, 0, 0));
        int own = heap.addClass("com.example.Loader", loader, new FieldWidths(0, 0, 0, 0, 3));
        heap.place(own, 56);
        heap.place(loader, 56);
        InferredLayout found = heap.infer(LayoutHints.NONE, LayoutOverride.NONE);

        assertThat(found.instance(loader)).isEqualTo(56);
        assertThat(found.instance(own)).isEqualTo(56);
        assertThat(found.sizing(own)).isEqualTo(Sizing.KNOWN_ADDITION);
    }

    @Test
    void stackChunksAreSizedByTheirWords() {
        // Measured on JDK 25: 210 words make 1,784 and 1,768 bytes.
        assertThat(chunk(new ObjectLayout(12, 4, 8, FieldRule.FILL_HOLES, ArrayBase.WORD), 210))
                .isEqualTo(1784);
        assertThat(chunk(new ObjectLayout(12, 8, 8, FieldRule.FILL_HOLES, ArrayBase.WORD), 210))
                .isEqualTo(1768);
        assertThat(chunk(new ObjectLayout(12, 4, 8, FieldRule.FILL_HOLES, ArrayBase.WORD), -5))
                .isEqualTo(48);
    }

    private static long chunk(ObjectLayout layout, int words) {
        Heap heap = new Heap(layout, 3, 60, 5_000, 0);
        int chunk = heap.addClass("jdk/internal/vm/StackChunk", new FieldWidths(1, 0, 3, 0, 0));
        InferredLayout found = heap.infer(new LayoutHints("25.0.1+8", null, "64"), LayoutOverride.NONE);
        assertThat(found.stackChunkClass()).isEqualTo(chunk);
        assertThat(found.layout().reference()).isEqualTo(layout.reference());
        return found.stackChunk(words);
    }

    /** Objects side by side, or with gaps of whole objects between. */
    private static final class Heap {
        final ObjectLayout layout;
        final Random random;
        final List<ClassShape> shapes = new ArrayList<>();
        final List<long[]> objects = new ArrayList<>();
        long end = 0x10_0000;

        Heap(ObjectLayout layout, long seed, int classes, int count, double gaps) {
            this.layout = layout;
            this.random = new Random(seed);
            shapes.add(new ClassShape("java/lang/Object", -1, FieldWidths.NONE, FieldWidths.NONE, 0, 0, 0));
            for (int c = 1; c <= classes; c++) {
                addClass("app.C" + c, random.nextInt(shapes.size()), fields());
            }
            long[] sizes = InstanceSizes.of(shapes, layout);
            for (int i = 0; i < count; i++) {
                int kind = random.nextInt(3);
                if (kind == 0) {
                    int c = random.nextInt(sizes.length);
                    place(c, sizes[c]);
                } else {
                    int type = kind == 1 ? 2 : 4 + random.nextInt(8);
                    long length = random.nextInt(40);
                    long size = type == 2 ? layout.objectArray(length) : layout.primitiveArray(type, length);
                    objects.add(new long[] {type, end, -1, length, size});
                    end += size;
                }
                if (random.nextDouble() < gaps) {
                    end += layout.aligned(1 + random.nextInt(300));
                }
            }
        }

        private FieldWidths fields() {
            return new FieldWidths(
                    random.nextInt(4), random.nextInt(3), random.nextInt(3), random.nextInt(2), random.nextInt(3));
        }

        int addClass(String name, FieldWidths fields) {
            return addClass(name, 0, fields);
        }

        int addClass(String name, int superclass, FieldWidths fields) {
            shapes.add(new ClassShape(name, superclass, fields, FieldWidths.NONE, 0, 0, 0));
            return shapes.size() - 1;
        }

        void place(int c, long size) {
            objects.add(new long[] {0, end, c, 0, size});
            end += size;
        }

        /** Moves some objects to where they overlap others. */
        void damage(int count) {
            for (int i = 0; i < count; i++) {
                objects.get(random.nextInt(objects.size()))[1] += 4;
            }
        }

        void renumber() {
            for (int i = 0; i < objects.size(); i++) {
                objects.get(i)[1] = 0x5000_0000L + i;
            }
        }

        InferredLayout infer(LayoutHints hints, LayoutOverride decided) {
            LayoutEvidence evidence = new LayoutEvidence();
            long[] sorted = new long[objects.size() + 1];
            for (int i = 0; i < objects.size(); i++) {
                long[] o = objects.get(i);
                sorted[i] = o[1];
                switch ((int) o[0]) {
                    case 0 -> evidence.instance((int) o[2], o[1]);
                    case 2 -> evidence.objectArray(o[1], o[3]);
                    default -> evidence.primitiveArray((int) o[0], o[1], o[3]);
                }
            }
            sorted[objects.size()] = end;
            Arrays.sort(sorted);
            LongUnaryOperator next = TinyWalker.next(sorted);
            boolean narrow = layout.header() == 8 && layout.rule() == FieldRule.BY_LEVEL;
            return LayoutInference.infer(shapes, evidence, narrow ? 4 : 8, next, hints, decided);
        }

        void assertSizes(InferredLayout found) {
            for (long[] o : objects) {
                long size = o[0] == 0
                        ? found.instance((int) o[2])
                        : o[0] == 2 ? found.objectArray(o[3]) : found.primitiveArray((int) o[0], o[3]);
                assertThat(size)
                        .as("%s under %s", Arrays.toString(o), found.layout())
                        .isEqualTo(o[4]);
            }
        }
    }
}

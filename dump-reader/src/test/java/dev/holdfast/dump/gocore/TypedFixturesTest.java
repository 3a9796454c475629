package dev.holdfast.dump.gocore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.HeapTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoTruth;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle is what the dumped program built and wrote down; which objects are alive is found here by following pointers. */
class TypedFixturesTest {
    /** By construction main.Node are reachable from variables, and six from objects with a finalizer. */
    private static final int NODES = 7006 + 6;

    private static final int NODES_SINCE_1_24 = 7121 + 6;

    static List<GoFixture> fixtures() {
        return GoFixtures.available().stream()
                .filter(fixture -> !fixture.name().endsWith("-stripped"))
                .toList();
    }

    static List<GoFixture> committed() {
        return GoFixtures.committed();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void typesAreThoseThatTheProgramAllocated(GoFixture fixture) throws IOException {
        try (Opened opened = new Opened(fixture)) {
            HeapTypes types = opened.types(2);
            SpanTable spans = opened.spans;

            for (GoTruth.Point point : fixture.truth().points()) {
                int slot = spans.slotAt(point.address());
                // A slice's array is []T whatever its length; a declared array keeps it.
                String expected = point.path().matches("main\\.(samples|events|blob)")
                        ? "[]" + point.type().substring(point.type().indexOf(']') + 1)
                        : point.type();
                assertThat(types.list().get(types.type(slot)).name())
                        .as(point.path())
                        .isEqualTo(expected);
                assertThat(types.evidence(slot)).as(point.path()).isNotEqualTo(Evidence.NONE);
            }

            BitSet live = opened.live();
            long nodes = 0;
            long typed = 0;
            long all = 0;
            for (int slot = live.nextSetBit(0); slot >= 0; slot = live.nextSetBit(slot + 1)) {
                long bytes = spans.elementSize(spans.spanOfSlot(slot));
                all += bytes;
                typed += types.evidence(slot) == Evidence.NONE ? 0 : bytes;
                nodes += types.list().get(types.type(slot)).name().equals("main.Node") ? 1 : 0;
            }
            // What only closures hold before Go 1.23, whose captured variables are not described, is not all found.
            boolean described = opened.program.version().atLeast(23);
            long expected = opened.program.version().atLeast(24) ? NODES_SINCE_1_24 : NODES;
            if (described) {
                assertThat(nodes).isEqualTo(expected);
            } else {
                assertThat(nodes).isBetween(expected - 10, expected);
            }
            assertThat((double) typed / all).isBetween(described ? 0.998 : 0.995, 1.0);
        }
    }

    @ParameterizedTest
    @MethodSource("committed")
    void theOutcomeDoesNotDependOnThreads(GoFixture fixture) throws IOException {
        try (Opened opened = new Opened(fixture)) {
            HeapTypes one = opened.types(1);
            HeapTypes three = opened.types(3);

            assertThat(three.list().stream().map(type -> type.name()))
                    .containsExactlyElementsOf(
                            one.list().stream().map(type -> type.name()).toList());
            BitSet different = new BitSet();
            for (int slot = 0; slot < opened.spans.slotCount(); slot++) {
                different.set(slot, one.type(slot) != three.type(slot) || one.evidence(slot) != three.evidence(slot));
            }
            assertThat(different.isEmpty()).as("slots %s", different).isTrue();
        }
    }

    /** A fixture's program with all that leads to types. */
    private static final class Opened implements AutoCloseable {
        final GoProgram program;
        final SpanTable spans;
        private final FunctionTable functions;

        Opened(GoFixture fixture) throws IOException {
            program = GoProgram.open(
                    fixture.core(), DumpOptions.DEFAULT.withExecutable(fixture.executable()), new Warnings());
            spans = SpanTable.read(program);
            functions = program.functions();
        }

        HeapTypes types(int threads) throws IOException {
            GoTypes types = new GoTypes(program);
            TypePropagation propagation = new TypePropagation(program, spans, types, functions, threads);
            TypeRoots typed = new TypeRoots(program, types, propagation);
            typed.variables();
            typed.specials(spans, functions);
            GoRoots.read(program, spans, new TypeMasks(program), functions, types, propagation);
            return propagation.run(Progress.NONE);
        }

        /** Slots that roots lead to. */
        BitSet live() {
            GoTypes types = new GoTypes(program);
            TypeMasks masks = new TypeMasks(program);
            DumpRoots roots = GoRoots.read(
                            program,
                            spans,
                            masks,
                            functions,
                            types,
                            new TypePropagation(program, spans, types, functions, 1))
                    .roots();
            BitSet found = new BitSet();
            ArrayDeque<Integer> left = new ArrayDeque<>();
            for (int i = 0; i < roots.heldCount(); i++) {
                reach(found, left, roots.heldAddress(i));
            }
            roots.conditional().forEach(root -> reach(found, left, root.target()));
            HeapPointers pointers = new HeapPointers(program, spans, masks);
            MemoryReader memory = program.reader();
            while (!left.isEmpty()) {
                int slot = left.poll();
                int span = spans.spanOfSlot(slot);
                int element = slot - spans.firstSlot(span);
                if (pointers.slot(span, element)) {
                    long object = spans.objectAddress(span, element);
                    for (long word = 0; word < pointers.words(span); word += 64) {
                        for (long bits = pointers.bits(span, element, word); bits != 0; bits &= bits - 1) {
                            reach(found, left, memory.word(object + 8 * (word + Long.numberOfTrailingZeros(bits))));
                        }
                    }
                }
            }
            return found;
        }

        private void reach(BitSet found, ArrayDeque<Integer> left, long pointer) {
            int slot = pointer == 0 ? -1 : spans.slotAt(pointer);
            if (slot >= 0 && spans.allocated(slot) && !found.get(slot)) {
                found.set(slot);
                left.add(slot);
            }
        }

        @Override
        public void close() throws IOException {
            program.close();
        }
    }
}

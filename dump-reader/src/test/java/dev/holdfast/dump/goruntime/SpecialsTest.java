package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.GoFixture;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixture program says what it hung on its objects (leaky/main.go). */
class SpecialsTest {
    private static final OpenPrograms PROGRAMS = new OpenPrograms();

    static List<GoFixture> fixtures() {
        return OpenPrograms.fixtures();
    }

    @AfterAll
    static void close() throws IOException {
        PROGRAMS.close();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void finalizersCleanupsAndWeakHandlesAreFoundWithWhatTheyPointTo(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        SpanTable spans = SpanTable.read(program);
        Specials specials = new Specials(program);
        Map<Specials.Kind, Integer> count = new EnumMap<>(Specials.Kind.class);
        Map<String, Integer> pointers = new TreeMap<>();
        specials.visit(program.reader(), spans, (kind, span, element, record) -> {
            assertThat(spans.allocated(spans.firstSlot(span) + element)).isTrue();
            count.merge(kind, 1, Integer::sum);
            specials.pointers(program.reader(), kind, record, (field, address, target) -> {
                assertThat(program.reader().word(address)).isEqualTo(target);
                pointers.merge(kind + " " + field, 1, Integer::sum);
                if (kind == Specials.Kind.WEAK_HANDLE) {
                    // The cell is an object, and it leads back to the object that has the handle.
                    assertThat(spans.slotAt(target)).isNotNegative();
                    assertThat(spans.slotAt(program.reader().word(target))).isEqualTo(spans.firstSlot(span) + element);
                }
            });
        });

        // 20 are of main.finalized, the others of the standard library; the same in all releases.
        assertThat(count).containsEntry(Specials.Kind.FINALIZER, 28).doesNotContainKey(Specials.Kind.UNKNOWN);
        assertThat(pointers)
                .containsEntry("FINALIZER fn", 28)
                .containsEntry("FINALIZER fint", 28)
                .containsEntry("FINALIZER ot", 28);
        if (program.version().atLeast(24)) {
            assertThat(count.get(Specials.Kind.CLEANUP)).isGreaterThanOrEqualTo(10);
            assertThat(count.get(Specials.Kind.WEAK_HANDLE)).isEqualTo(9);
            assertThat(pointers).containsEntry("CLEANUP fn", count.get(Specials.Kind.CLEANUP));
        }
        if (program.version().atLeast(26)) {
            assertThat(pointers)
                    .containsEntry("CLEANUP call", count.get(Specials.Kind.CLEANUP))
                    .containsEntry("CLEANUP arg", count.get(Specials.Kind.CLEANUP));
        }
    }

    /** One runs and never ends, five wait behind it. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void finalizersThatWaitAreFoundWithTheirObjects(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        SpanTable spans = SpanTable.read(program);
        Map<String, Integer> found = new TreeMap<>();
        new RunQueues(program).visit(program.reader(), (queue, entry, field, address, target) -> {
            assertThat(entry).isBetween(0L, 5L);
            boolean object = spans.slotAt(target) >= 0 && spans.allocated(spans.slotAt(target));
            found.merge(queue + " " + field + (object ? " in heap" : ""), 1, Integer::sum);
        });

        assertThat(found)
                .containsEntry("FINALIZERS arg in heap", 6)
                .containsEntry("FINALIZERS fn", 6)
                .containsEntry("FINALIZERS fint", 6)
                .containsEntry("FINALIZERS ot", 6)
                .hasSize(4);
    }
}

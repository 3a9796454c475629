package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.testkit.GoFixture;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle is what the process read from {@code runtime/metrics} and {@code runtime.MemStats} before it stopped. */
class MemoryAccountingTest {
    private static final String OBJECTS = "/memory/classes/heap/objects:bytes";
    private static final String UNUSED = "/memory/classes/heap/unused:bytes";
    private static final String FREE = "/memory/classes/heap/free:bytes";
    private static final String METADATA = "/memory/classes/metadata/other:bytes";

    /** The collector's workers hand spans of work buffers back in the background. */
    private static final long WORK_BUFFERS = 32 << 10;

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
    void everyClassIsWhatTheProcessRead(GoFixture fixture) throws IOException {
        assumeFalse(fixture.name().endsWith("-churn"), "the program went on");
        GoProgram program = PROGRAMS.of(fixture);
        MemoryAccounting memory = Objects.requireNonNull(MemoryAccounting.read(program));
        Map<String, Long> differences = new TreeMap<>();
        for (MemoryClass each : memory.classes()) {
            long difference = each.bytes() - metric(fixture, each.name());
            if (difference != 0) {
                differences.put(each.name(), difference);
            }
        }

        // At most two objects of the runtime's own were allocated since, waiters of 96 or 112 bytes: in spans in use.
        long objects = memory.objectCount() - number(fixture, "final", "HeapObjects");
        assertThat(objects).isBetween(0L, 2L);
        long bytes = differences.getOrDefault(OBJECTS, 0L);
        assertThat(bytes).isBetween(96 * objects, 112 * objects);
        assertThat(differences.getOrDefault(UNUSED, 0L)).isEqualTo(-bytes);
        differences.remove(OBJECTS);
        differences.remove(UNUSED);
        // A span of work buffers may have been freed since.
        if (differences.containsKey(FREE)) {
            assertThat(differences).isEqualTo(Map.of(FREE, WORK_BUFFERS, METADATA, -WORK_BUFFERS));
        } else {
            assertThat(differences).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void identitiesHoldAlsoWhileTheProgramRuns(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        MemoryAccounting memory = Objects.requireNonNull(MemoryAccounting.read(program));
        SpanTable spans = SpanTable.read(program);

        List<DumpIdentity> identities = memory.identities(spans.totalBytes(), spans.manualBytes());

        assertThat(identities).hasSizeGreaterThanOrEqualTo(3).allMatch(DumpIdentity::holds);
        // The bits of all spans against the counters of all processors.
        assertThat(spans.allocatedBytes()).isEqualTo(memory.objectBytes());
        assertThat((long) spans.allocatedCount()).isEqualTo(memory.objectCount());
        assertThat(program.warnings().list()).noneMatch(DumpWarning::loss);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void factsAreWhatTheProcessRead(GoFixture fixture) throws IOException {
        assumeFalse(fixture.name().endsWith("-churn"), "the program went on");
        GoProgram program = PROGRAMS.of(fixture);
        Map<String, String> facts = RuntimeFacts.read(program, MemoryAccounting.read(program));

        assertThat(facts)
                .containsEntry("go version", program.version().text())
                .containsEntry("main package", "leaky")
                .containsEntry("/gc/gogc:percent", "off")
                .containsEntry(
                        "/sched/gomaxprocs:threads",
                        Long.toString(fixture.truth().number("gomaxprocs")))
                .containsEntry("memory profile rate", fixture.truth().number("mem_profile_rate") + " bytes")
                .containsEntry("/gc/cycles/total:gc-cycles", text(fixture, "/gc/cycles/total:gc-cycles"))
                .containsEntry("/gc/cycles/forced:gc-cycles", text(fixture, "/gc/cycles/forced:gc-cycles"));
        for (Map.Entry<?, ?> setting :
                ((Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get("build"))).entrySet()) {
            assertThat(facts).containsEntry("build " + setting.getKey(), String.valueOf(setting.getValue()));
        }
        if (metrics(fixture).containsKey("/gc/heap/live:bytes")) {
            assertThat(facts).containsEntry("/gc/heap/live:bytes", text(fixture, "/gc/heap/live:bytes"));
        }
        if (fixture.name().endsWith("-memprofile1")) {
            assertThat(facts).containsEntry("environment GODEBUG", "memprofilerate=1");
        }
    }

    /** Without a limit the goal is what the percentage says; else it moves with all memory that is not heap. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void theNextGoalIsWhatTheProcessReadButForMemoryThatChangedSince(GoFixture fixture) throws IOException {
        assumeFalse(fixture.name().endsWith("-churn"), "the program went on");
        GoProgram program = PROGRAMS.of(fixture);
        long goal = new Pacer(program, program.reader()).goal();

        assertThat(Math.abs(goal - metric(fixture, "/gc/heap/goal:bytes"))).isLessThanOrEqualTo(WORK_BUFFERS);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theLastMomentIsAfterTheLastCollection(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        Instant last = Objects.requireNonNull(RuntimeFacts.lastActivity(program));
        long collection = number(fixture, "final", "LastGC");

        assertThat(last).isBetween(Instant.ofEpochSecond(0, collection), Instant.ofEpochSecond(60, collection));
    }

    private static Map<?, ?> metrics(GoFixture fixture) {
        return (Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get("metrics"));
    }

    private static long metric(GoFixture fixture, String name) {
        return number(fixture, "metrics", name);
    }

    private static String text(GoFixture fixture, String name) {
        return Long.toString(metric(fixture, name));
    }

    private static long number(GoFixture fixture, String section, String name) {
        Map<?, ?> values =
                (Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get(section));
        return ((Number) Objects.requireNonNull(values.get(name))).longValue();
    }
}

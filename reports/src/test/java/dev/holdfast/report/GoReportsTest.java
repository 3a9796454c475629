package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers to one question each about a Go program. */
final class GoReportsTest {
    private interface Question {
        Report ask(HeapSnapshot heap) throws IOException;
    }

    private static String text(FakeGoDump dump, Question question) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            StringWriter text = new StringWriter();
            PrintWriter out = new PrintWriter(text);
            question.ask(heap).writeText(out);
            out.flush();
            return text.toString();
        }
    }

    private static String json(FakeGoDump dump, Question question) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            return json(question.ask(heap));
        }
    }

    /** Without the white space between tokens, and checked to be JSON. */
    private static String json(Report report) throws IOException {
        StringWriter text = new StringWriter();
        report.writeJson(text);
        StringWriter compact = new StringWriter();
        JsonFactory factory = new JsonFactory();
        try (JsonParser parser = factory.createParser(text.toString());
                JsonGenerator generator = factory.createGenerator(compact)) {
            while (parser.nextToken() != null) {
                generator.copyCurrentEvent(parser);
            }
        }
        return compact.toString();
    }

    @Test
    void infoSaysHowTypesAreKnownAndWhatTheRuntimeSaysOfItself() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.global(
                "main.all",
                dump.object("main.T", 48),
                dump.inferred("main.U", 32),
                dump.object("(unknown 16 bytes)", 16));
        dump.object("main.Garbage", 4096);
        dump.facts.put("GOGC", "100");

        String json = json(dump, InfoReport::of);
        assertThat(json)
                .contains("\"typed\":{\"exact\":48,\"inferred\":32,\"none\":16}")
                .contains("\"runtime_facts\":{\"GOGC\":\"100\"}")
                .contains("\"layout\":null", "\"not_in_dump\":null")
                .contains("\"by_kind\":{\"global\":1}");
        assertThat(text(dump, InfoReport::of))
                .contains("types of reachable bytes: 50.0 % exact, 33.3 % inferred, 16.7 % unknown (16 B)")
                .contains("GOGC: 100");
    }

    @Test
    void aFigureOfTheDumpThatDoesNotAgreeIsALoss() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.global("main.t", dump.object("main.T", 48));
        dump.identities.add(new DumpIdentity("slots = span bytes", 100, 100));
        dump.identities.add(new DumpIdentity("stacks = stack spans", 8, 7));

        try (HeapSnapshot heap = dump.open()) {
            assertThat(heap.identities())
                    .hasSize(4)
                    .filteredOn(each -> !each.holds())
                    .hasSize(1);
            assertThat(heap.warnings())
                    .filteredOn(DumpWarning::loss)
                    .extracting(DumpWarning::code)
                    .containsExactly("identity-broken");
        }
        assertThat(text(dump, InfoReport::of))
                .contains("holds:  slots = span bytes")
                .contains("BROKEN: stacks = stack spans: 8 is not 7");
    }

    @Test
    void memoryIsATableThatAddsUpToTheRuntimesTotal() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.memoryClasses.add(new MemoryClass("/memory/classes/heap/objects:bytes", 3000));
        dump.memoryClasses.add(new MemoryClass("/memory/classes/other:bytes", 1000));
        dump.memoryClasses.add(new MemoryClass("/memory/classes/total:bytes", 4000));

        assertThat(json(MemoryReport.of(dump, Progress.NONE)))
                .isEqualTo("{\"rows\":[{\"class\":\"/memory/classes/heap/objects:bytes\",\"bytes\":3000},"
                        + "{\"class\":\"/memory/classes/other:bytes\",\"bytes\":1000}],\"total_bytes\":4000}");
        assertThat(text(dump, heap -> MemoryReport.of(heap.dump(), Progress.NONE)))
                .contains("75.0 %  /memory/classes/heap/objects:bytes")
                .doesNotContain("BROKEN");
    }

    @Test
    void tenThousandEqualGoroutinesAreOneGroup() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        for (int i = 0; i < 10_000; i++) {
            int goroutine = dump.goroutine(FakeGoDump.waiting(
                    i,
                    "main.worker",
                    Map.of("kind", i % 2 == 0 ? "even" : "odd"),
                    FakeGoDump.frame("main.receive", 5),
                    FakeGoDump.inlined("main.get", 7),
                    FakeGoDump.frame("main.worker", 9)));
            dump.variable(goroutine, 0, "buffer", dump.object("main.Buffer", 64));
            dump.variable(goroutine, 2, "state", dump.object("main.State", 16));
        }
        dump.goroutine(FakeGoDump.waiting(20_000, "runtime.bgsweep", Map.of()));

        List<String> lines =
                text(dump, heap -> ThreadsReport.of(heap, false)).lines().toList();
        assertThat(lines)
                .containsExactly(
                        "10,000 goroutines main.worker, waiting (chan receive) for at most 2 min; retain 781.3 KiB",
                        "  stacks 78.1 MiB: 1.2 MiB used, 76.5 MiB free",
                        "  created by main.main",
                        "  labels kind=even (5,000), kind=odd (5,000)",
                        "       stack    retained",
                        "   625.0 KiB   625.0 KiB  main.receive (/src/main.receive.go:5)",
                        "                          main.get (inlined) (/src/main.get.go:7)",
                        "   625.0 KiB   156.3 KiB  main.worker (/src/main.worker.go:9)",
                        "",
                        "#20000 runtime.bgsweep, system, waiting (chan receive) for 2 min; retains 0 B",
                        "  stack 8.0 KiB: 0 B used, 8.0 KiB free",
                        "  created by main.main",
                        "",
                        "10,001 goroutines in 2 groups of one stack",
                        "at a frame, of all goroutines of the group: its stack memory, and what its variables alone"
                                + " retain");
    }

    @Test
    void theFramesOfAGroupAddUpToWhatItsStacksUse() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        List<StackFrame> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            frames.add(FakeGoDump.frame("main.f" + i, i));
        }
        StackFrame wrapper = new StackFrame("main.(*T).wrapped", "<autogenerated>", 1, false, 48, false, true);
        frames.add(2, wrapper);
        frames.add(wrapper);
        int goroutine = dump.goroutine(FakeGoDump.waiting(1, "main.f", Map.of(), frames.toArray(new StackFrame[0])));
        dump.variable(goroutine, 21, "held", dump.object("main.T", 32));

        String text = text(dump, heap -> ThreadsReport.of(heap, false));
        assertThat(text)
                .as("a wrapper is shown where it retains something")
                .containsOnlyOnce("        48 B        32 B  main.(*T).wrapped (<autogenerated>:1)")
                .contains("main.f11 (")
                .doesNotContain("main.f12 (")
                .contains("       560 B              9 more (--frames shows them)")
                .contains("1.3 KiB used");
        assertThat(text(dump, heap -> ThreadsReport.of(heap, true)).split("main.\\(\\*T\\).wrapped", -1))
                .hasSize(3);
    }

    @Test
    void linesFitAHundredColumns() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        String path = "/home/somebody/go/pkg/mod/example.com/a/very/long/path/to/some/module@v1.2.3/internal/x.go";
        String name = "example.com/a/very/long/path/to/some/module/internal/x.(*Server).handleEverything.func1";
        dump.goroutine(FakeGoDump.waiting(
                1,
                name,
                Map.of("path", path, "other", path, "third", path),
                new StackFrame(name, path, 12345, false, 64, false, false),
                new StackFrame("main.f", path, 12345, false, 0, true, false)));
        assertThat(text(dump, heap -> ThreadsReport.of(heap, false)).lines())
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(100))
                .anySatisfy(line -> assertThat(line).contains("main.f (inlined) (…", "/internal/x.go:12345)"));
    }

    @Test
    void aGoroutineAsJsonHasAllThatIsKnownOfIt() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        int goroutine = dump.goroutine(FakeGoDump.waiting(
                18,
                "main.worker",
                Map.of("kind", "first"),
                FakeGoDump.inlined("main.get", 4),
                FakeGoDump.frame("main.worker", 9)));
        dump.variable(goroutine, 1, "buffer", dump.object("main.Buffer", 64, dump.object("[]uint8", 128)));

        assertThat(json(dump, heap -> ThreadsReport.of(heap, false)))
                .startsWith("{\"rows\":[{\"name\":\"main.worker\",\"id\":18,\"system\":false,\"state\":\"waiting\","
                        + "\"wait_reason\":\"chan receive\",\"labels\":{\"kind\":\"first\"},\"stack_bytes\":8192,"
                        + "\"retained_bytes\":192")
                .contains("{\"function\":\"main.get\",\"file\":\"/src/main.get.go\",\"line\":4,\"frame_bytes\":0,"
                        + "\"retained_bytes\":0,\"inlined\":true,\"wrapper\":false}")
                .contains(
                        "{\"function\":\"main.worker\",\"file\":\"/src/main.worker.go\",\"line\":9,\"frame_bytes\":64,"
                                + "\"retained_bytes\":192,\"inlined\":false,\"wrapper\":false}")
                .contains("\"stack\":{\"free\":8088,\"used\":64,\"rest\":40,\"unknown\":0}");
    }

    @Test
    void holdersHaveTheirNamesEverywhere() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        long list = dump.object("[]main.T", 240);
        int goroutine =
                dump.goroutine(FakeGoDump.waiting(1, "main.worker", Map.of(), FakeGoDump.frame("main.receive", 5)));
        dump.global("main.chain", list);
        long buffer = dump.object("main.Buffer", 64);
        dump.variable(goroutine, 0, "buffer", buffer);
        List<String> rows = new ArrayList<>(
                text(dump, heap -> RootsReport.of(heap, 0)).lines().toList());
        assertThat(rows)
                .anySatisfy(row -> assertThat(row).contains("240 B").endsWith("global     main.chain"))
                .anySatisfy(row -> assertThat(row).contains("64 B").endsWith("goroutine  main.worker"))
                .anySatisfy(row ->
                        assertThat(row).contains("64 B").endsWith("frame      main.worker > main.receive > buffer"));

        try (HeapSnapshot heap = dump.open()) {
            int object = heap.object(list + 100).orElseThrow().index();
            assertThat(json(ObjectReport.of(heap, object, false, 10)))
                    .contains("\"object\":\"0x" + Long.toHexString(list) + "\"")
                    .contains("\"element_count\":10")
                    .contains("\"root\":{\"kind\":\"global\",\"name\":\"main.chain\"}")
                    .contains("\"referrers\":[{\"object\":null,\"type\":null,\"via\":\"global main.chain\"}]");
            String text = text(dump, same -> ObjectReport.of(same, object, false, 10));
            assertThat(text).contains("dominated by global main.chain").contains("10 elements");
            String paths = json(PathsReport.to(heap, List.of(heap.graph().indexOf(buffer)), 1, false, Progress.NONE));
            assertThat(paths)
                    .contains("\"root\":{\"kind\":\"frame\",\"name\":\"main.worker > main.receive > buffer\"}");
        }
    }
}

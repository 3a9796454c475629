package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Chromium;
import dev.holdfast.testkit.JsonText;
import dev.holdfast.testkit.Tab;
import dev.holdfast.testkit.Tab.Opening;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The page of real dumps, as many as {@code -Dholdfast.dumps} names: small, its totals those of {@code info}, and open in a
 * browser. How long that takes is printed; no test fails for it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RealDumpsPageTest {
    private static final String PROPERTY = "holdfast.dumps";
    private static final String REASON =
            "no -D" + PROPERTY + "=DUMP[,EXECUTABLE][" + File.pathSeparator + "DUMP[,EXECUTABLE]]...";

    private static final int MOST_BYTES = 1_000_000;
    private static final int OPENINGS = 5;

    /** What the table of the accounting calls objects by how they are held, and {@code info}. */
    private static final Map<String, String> STRENGTHS = Map.of(
            "live objects", "strong",
            "reachable only softly", "soft",
            "reachable only weakly", "weak",
            "reachable only by finalizers", "finalizer",
            "reachable only by phantom references", "phantom");

    /** What it calls memory of the Go runtime, and the runtime itself: the beginnings of the classes that make it up. */
    private static final Map<String, String> CLASSES = Map.of(
            "free slots", "heap/unused:",
            "idle", "heap/free:",
            "given back", "heap/released:",
            "stacks of goroutines", "heap/stacks:",
            "stacks of the system", "os-stacks:",
            "metadata of the collector", "metadata/",
            "profiling", "profiling/",
            "other of the runtime", "other:");

    private final Map<String, Path> pages = new HashMap<>();
    private Path folder = Path.of("");

    @BeforeAll
    void makeRoomForPages(@TempDir Path room) {
        folder = room;
    }

    static Stream<String> dumps() {
        return Stream.of(System.getProperty(PROPERTY, "").split(File.pathSeparator));
    }

    private static String run(String dump, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(dump.split(",")));
        CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
        assertThat(run.code()).as(run.err()).isIn(ExitCode.DONE.code(), ExitCode.LOSSES.code());
        return run.out();
    }

    private static Map<String, ?> json(String dump, String... command) throws IOException {
        return Chromium.map(JsonText.parse(run(dump, command)));
    }

    private Path page(String dump) {
        return pages.computeIfAbsent(dump, key -> {
            Path file = folder.resolve(pages.size() + ".html");
            run(dump, "report", "-o", file.toString());
            return file;
        });
    }

    private static long number(Map<String, ?> json, String field) {
        return (Long) requireNonNull(json.get(field), field);
    }

    private static Map<String, ?> object(Map<String, ?> json, String field) {
        return Chromium.map(requireNonNull(json.get(field), field));
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String bytes(long value) {
        int unit = value < 1024 ? 0 : (63 - Long.numberOfLeadingZeros(value)) / 10;
        return unit == 0
                ? value + " B"
                : String.format(Locale.ROOT, "%.1f %ciB", value / Math.pow(1024, unit), "KMGTPE".charAt(unit - 1));
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void totalsAreThoseOfInfo(String dump) throws IOException {
        assumeTrue(!dump.isEmpty(), REASON);
        assertThat(Files.size(page(dump))).isLessThan(MOST_BYTES);
        PageTables page = new PageTables(Files.readString(page(dump)));
        Map<String, ?> info = json(dump, "info", "--json");
        boolean java = "hprof".equals(info.get("format"));
        long objects = number(object(info, "reachable"), "objects");
        long live = number(object(info, "reachable"), "shallow_bytes");
        long dead = number(object(info, "unreachable"), "shallow_bytes");
        long deadObjects = number(object(info, "unreachable"), "objects");

        assertThat(page.texts("sizes"))
                .containsExactly(count(objects) + " objects reachable, " + bytes(live) + "; " + count(deadObjects)
                        + " unreachable, " + bytes(dead));
        Matcher used = Pattern.compile("([0-9.]+ [KMGT]?i?B) in use").matcher(page.section("verdict"));
        if (used.find()) {
            assertThat(used.group(1)).isEqualTo(bytes(live));
        }
        assertThat(page.section("dominators")).contains("shares are of " + bytes(live) + ".");
        assertThat(page.section("threads"))
                .contains(">" + count(number(info, "threads")) + (java ? " threads in " : " goroutines in "));
        flameGraph(page, live, objects);
        histogram(page, live, objects);
        Map<String, Long> kinds = new TreeMap<>();
        for (List<PageTables.Cell> row : page.rows("roots", 0)) {
            if (!row.get(4).text().startsWith("held by several roots")) {
                kinds.put(row.get(4).text(), row.get(0).value());
            }
        }
        assertThat(kinds).isEqualTo(object(object(info, "roots"), "by_kind"));
        if (java) {
            sums(page, "class_loaders", 1, 2, live, objects);
            assertThat(String.join(" ", page.texts("identity")))
                    .startsWith("Adds up: ")
                    .endsWith("= " + count(live + dead) + " bytes");
        } else {
            runtime(page, info);
        }
        parts(page, dump, info, java);
    }

    private static void flameGraph(PageTables page, long live, long objects) throws IOException {
        List<?> frames = (List<?>) requireNonNull(
                Chromium.map(JsonText.parse(page.data("flame-data"))).get("frames"));
        long bytes = 0;
        long count = 0;
        for (int i = 0; i < frames.size(); i += 4) {
            bytes += (Long) requireNonNull(frames.get(i + 2));
            count += (Long) requireNonNull(frames.get(i + 3));
        }
        assertThat(bytes).isEqualTo(live);
        assertThat(count).isEqualTo(objects);
    }

    /** The histogram has no total; of what its shares are, and that its rows can be parts of the whole. */
    private static void histogram(PageTables page, long live, long objects) throws IOException {
        sums(page, "histogram", 0, 1, live, objects);
        for (List<PageTables.Cell> row : page.rows("histogram", 0)) {
            assertThat(row.get(2).exact())
                    .isEqualTo(String.format(
                            Locale.ROOT, "%.3f", 100.0 * row.get(1).value() / live));
        }
    }

    /** Columns of a table that are the whole if all rows are shown, else less. */
    private static void sums(PageTables page, String section, int objectsAt, int bytesAt, long live, long objects)
            throws IOException {
        List<List<PageTables.Cell>> rows = page.rows(section, 0);
        long count = rows.stream().mapToLong(row -> row.get(objectsAt).value()).sum();
        long bytes = rows.stream().mapToLong(row -> row.get(bytesAt).value()).sum();
        if (page.section(section).contains("class=\"more\"")) {
            assertThat(count).isBetween(1L, objects - 1);
            assertThat(bytes).isBetween(1L, live - 1);
        } else {
            assertThat(count).isEqualTo(objects);
            assertThat(bytes).isEqualTo(live);
        }
    }

    /** What the runtime says of its memory as a whole. */
    private static void runtime(PageTables page, Map<String, ?> info) {
        long total = ((List<?>) requireNonNull(info.get("identities")))
                .stream()
                        .map(Chromium::map)
                        .filter(each -> "memory classes = total".equals(each.get("name")))
                        .mapToLong(each -> number(each, "expected"))
                        .findFirst()
                        .orElseThrow();
        assertThat(String.join(" ", page.texts("identity")))
                .startsWith("Adds up: ")
                .endsWith("= " + count(total) + " bytes");
        String said = page.section("accounting");
        Map<String, ?> facts = object(info, "runtime_facts");
        String limit = String.valueOf(facts.get("/gc/gomemlimit:bytes"));
        assertThat(said)
                .contains(
                        limit.equals("none")
                                ? "No memory limit is set (GOMEMLIMIT)."
                                : "The memory limit (GOMEMLIMIT) is " + bytes(Long.parseLong(limit)) + ";");
        Matcher goal = Pattern.compile("when the heap has grown to ([^:]+):").matcher(said);
        if (goal.find()) {
            assertThat(goal.group(1))
                    .isEqualTo(bytes(Long.parseLong(String.valueOf(facts.get("/gc/heap/goal:bytes")))));
        }
    }

    /** Every row of the table of parts. */
    private static void parts(PageTables page, String dump, Map<String, ?> info, boolean java) throws IOException {
        Map<String, Long> classes = new HashMap<>();
        if (!java) {
            for (Object each :
                    (List<?>) requireNonNull(json(dump, "memory", "--json").get("rows"))) {
                Map<String, ?> row = Chromium.map(each);
                classes.put(String.valueOf(row.get("class")).replace("/memory/classes/", ""), number(row, "bytes"));
            }
        }
        long unreachable = 0;
        Set<String> seen = new HashSet<>();
        for (List<PageTables.Cell> row : page.rows("accounting", 0)) {
            String label = row.get(1).text();
            String shown = row.get(3).text();
            assertThat(seen.add(label)).as(label).isTrue();
            if (STRENGTHS.containsKey(label)) {
                Map<String, ?> held = object(object(info, "reachability"), requireNonNull(STRENGTHS.get(label)));
                assertThat(row.get(5).text()).as(label).isEqualTo(count(number(held, "objects")));
                assertThat(shown).as(label).isEqualTo(bytes(number(held, "shallow_bytes")));
            } else if (label.startsWith("unreachable: ")) {
                unreachable += Long.parseLong(row.get(5).text().replace(",", ""));
            } else if (label.equals("objects that the dump does not show")) {
                assertThat(shown)
                        .isEqualTo(bytes(requireNonNull(classes.get("heap/objects:bytes"))
                                - number(object(info, "reachable"), "shallow_bytes")
                                - number(object(info, "unreachable"), "shallow_bytes")));
            } else {
                String prefix = requireNonNull(CLASSES.get(label), label);
                assertThat(shown)
                        .as(label)
                        .isEqualTo(bytes(classes.entrySet().stream()
                                .filter(each -> each.getKey().startsWith(prefix))
                                .mapToLong(Map.Entry::getValue)
                                .sum()));
            }
        }
        assertThat(unreachable).isEqualTo(number(object(info, "unreachable"), "objects"));
        assertThat(seen).contains("live objects");
        if (!java) {
            assertThat(seen).contains("free slots", "stacks of goroutines", "metadata of the collector");
        }
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void thePageOpensInABrowser(String dump, @TempDir Path profile) throws IOException, InterruptedException {
        assumeTrue(!dump.isEmpty(), REASON);
        Optional<Path> program = Chromium.program();
        assumeTrue(program.isPresent(), Chromium.REASON);
        Path page = page(dump);
        List<Opening> openings = new ArrayList<>();
        try (Chromium browser = Chromium.start(program.get(), profile)) {
            Tab tab = browser.tab().sized(1280, 800);
            for (int i = 0; i < OPENINGS; i++) {
                openings.add(tab.open(page).opening());
                assertThat(tab.number("document.querySelectorAll('.frame').length"))
                        .isPositive();
            }
            assertThat(tab.events().stream()
                            .map(Chromium.Event::method)
                            .filter(
                                    Set.of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
                                            ::contains))
                    .isEmpty();
        }
        openings.sort(Comparator.comparingLong(Opening::loadedMillis));
        System.out.printf(
                "%s: %,d bytes, loaded in %d ms (median of %d), all: %s%n",
                dump,
                Files.size(page),
                openings.get(OPENINGS / 2).loadedMillis(),
                OPENINGS,
                openings.stream()
                        .map(each -> each.loadedMillis() + " ms, first paint " + each.paintedMillis() + " ms")
                        .collect(Collectors.joining("; ")));
    }
}

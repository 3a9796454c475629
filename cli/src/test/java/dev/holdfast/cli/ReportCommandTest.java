package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The report of real dumps against what the other commands say of them. */
class ReportCommandTest {
    private static final int MOST_BYTES = 1_000_000;

    @TempDir
    Path folder = Path.of("");

    static Stream<String> dumps() {
        return Stream.of("JDK17", "JDK25_COMPACT", "1.18.10", "1.26.11");
    }

    private String[] arguments(String dump, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        if (dump.startsWith("JDK")) {
            arguments.add(CommittedDump.valueOf(dump).copyTo(folder).toString());
        } else {
            GoFixture fixture = GoFixtures.named(dump).orElseThrow();
            arguments.add(fixture.core().toString());
            arguments.add(fixture.executable().toString());
        }
        return arguments.toArray(new String[0]);
    }

    private Map<?, ?> json(String dump, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.add("--json");
        String text = CommandRun.successful(arguments(dump, all.toArray(new String[0])))
                .out();
        return (Map<?, ?>) requireNonNull(JsonText.parse(text));
    }

    private static Map<?, ?> object(Map<?, ?> json, String field) {
        return (Map<?, ?>) requireNonNull(json.get(field));
    }

    private static List<?> rows(Map<?, ?> json, String field) {
        return (List<?>) requireNonNull(json.get(field));
    }

    private static long number(Map<?, ?> json, String field) {
        return (Long) requireNonNull(json.get(field));
    }

    private static long sum(List<?> rows, String field) {
        return rows.stream().mapToLong(row -> number((Map<?, ?>) row, field)).sum();
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void figuresAreThoseOfTheOtherCommands(String dump) throws IOException {
        Map<?, ?> report = json(dump, "report");
        Map<?, ?> info = json(dump, "info");

        assertThat(object(report, "dump").get("reachable")).isEqualTo(info.get("reachable"));
        assertThat(object(report, "dump").get("unreachable")).isEqualTo(info.get("unreachable"));
        Map<?, ?> accounting = object(report, "accounting");
        List<?> parts = rows(accounting, "parts");
        long whole;
        if (dump.startsWith("JDK")) {
            whole = number(object(info, "reachable"), "shallow_bytes")
                    + number(object(info, "unreachable"), "shallow_bytes");
        } else {
            whole = number(json(dump, "memory"), "total_bytes");
        }
        assertThat(accounting.get("whole_bytes")).isEqualTo(whole);
        assertThat(sum(parts, "bytes")).isEqualTo(whole);
        assertThat(parts.stream().map(part -> String.valueOf(((Map<?, ?>) part).get("name"))))
                .doesNotHaveDuplicates()
                .contains("live");

        List<?> types = rows(json(dump, "histogram", "--retained", "--limit", "0"), "rows");
        List<?> shown = rows(object(report, "histogram"), "rows");
        assertThat(shown).hasSameSizeAs(types);
        assertThat(sum(shown, "retained_bytes")).isEqualTo(sum(types, "retained_bytes"));
        assertThat(sum(shown, "shallow_bytes"))
                .isEqualTo(object(info, "reachable").get("shallow_bytes"));
        assertThat(rows(object(report, "roots"), "rows"))
                .isEqualTo(rows(json(dump, "roots", "--limit", "1000"), "rows"));
        List<?> threads = rows(json(dump, "threads"), "rows");
        Map<?, ?> groups = object(report, "threads");
        assertThat(groups.get("threads")).isEqualTo((long) threads.size());
        assertThat(sum(rows(groups, "rows"), "threads")).isEqualTo(threads.size());
        if (dump.startsWith("JDK")) {
            assertThat(sum(rows(object(report, "class_loaders"), "rows"), "shallow_bytes"))
                    .as("every object's class has a loader")
                    .isEqualTo(object(info, "reachable").get("shallow_bytes"));
        }
    }

    @Test
    void everyReportHasTheSameFieldsAndNullForWhatDoesNotApply() throws IOException {
        Map<?, ?> java = json("JDK17", "report");
        Map<?, ?> go = json("1.26.11", "report");
        assertThat(names(java)).isEqualTo(names(go));
        assertThat(nulls(java)).containsExactly("leaked_goroutines");
        assertThat(nulls(go)).containsExactly("class_loaders", "deadlocks");
    }

    private static Set<String> names(Map<?, ?> json) {
        return json.keySet().stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> nulls(Map<?, ?> json) {
        return names(json).stream().filter(name -> json.get(name) == null).toList();
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void thePageIsSmallAndNeedsNothingElse(String dump) throws IOException {
        Path file = folder.resolve("report.html");
        String said = CommandRun.successful(arguments(dump, "report", "-o", file.toString()))
                .out();

        String page = Files.readString(file);
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .contains("<table", "Where did the memory go")
                .doesNotContain("src=", "href=\"http", "@import", "url(");
        assertThat(Files.size(file)).isLessThan(MOST_BYTES);
        assertThat(said).endsWith("The page: " + file + "\n");
        assertThat(said.lines().filter(line -> !line.contains(folder.toString()) && !line.contains("leaky.")))
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(100));
        assertThat(said)
                .isEqualTo(CommandRun.successful(arguments(dump, "report")).out() + "The page: " + file + "\n");
    }

    @Test
    void theTextGoesIntoAFileToo() throws IOException {
        Path file = folder.resolve("report.txt");
        String said = CommandRun.successful(arguments("JDK17", "report", "--text", "-o", file.toString()))
                .out();
        assertThat(said).isEmpty();
        assertThat(Files.readString(file))
                .isEqualTo(CommandRun.successful(arguments("JDK17", "report")).out());
    }

    @Test
    void textAndJsonExcludeEachOther() {
        CommandRun run = CommandRun.of(arguments("JDK17", "report", "--text", "--json"));
        assertThat(run.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("--text and --json");
    }
}

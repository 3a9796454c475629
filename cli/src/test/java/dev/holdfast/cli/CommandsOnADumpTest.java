package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.LayoutScenario;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a real dump, through the door that users take. */
class CommandsOnADumpTest {
    private static final CommittedDump DUMP = CommittedDump.JDK17;

    @TempDir
    static Path folder;

    private static String dump = "";

    @BeforeAll
    static void copy() {
        dump = DUMP.copyTo(folder).toString();
    }

    /** The fields of a JSON object and of the objects in its arrays, with the last value of each. */
    private static Map<String, String> fields(String json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            String name = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                    fields.putIfAbsent(name, "");
                } else if (token.isScalarValue()) {
                    fields.put(name, parser.getText());
                }
            }
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info",
                "info --quick",
                "histogram --limit 0 --retained",
                "histogram --unreachable",
                "histogram --all",
                "dominators",
                "paths --type java.util.HashMap$Node --paths 2",
                "roots",
                "threads --frames",
                "memory"
            })
    void everyCommandAnswersAsTextAndAsJsonWithoutContents(String command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add(dump);
        String text = CommandRun.successful(arguments.toArray(new String[0])).out();
        arguments.add("--json");
        String json = CommandRun.successful(arguments.toArray(new String[0])).out();
        assertThat(text).isNotBlank();
        assertThat(fields(json)).isNotEmpty();
        assertThat(text + json).doesNotContain(LayoutScenario.canary());
    }

    @Test
    void theShapesOfTheContractAreThere() throws IOException {
        assertThat(fields(CommandRun.successful("info", "--json", dump).out()))
                .containsKeys(
                        "format",
                        "format_version",
                        "runtime",
                        "taken_at",
                        "identifier_bytes",
                        "dumps",
                        "types",
                        "threads",
                        "objects",
                        "reachable",
                        "unreachable",
                        "reachability",
                        "roots",
                        "by_kind",
                        "layout",
                        "typed",
                        "not_in_dump",
                        "warnings",
                        "identities");
        assertThat(fields(CommandRun.successful("histogram", "--json", dump).out()))
                .containsKeys(
                        "type", "class_loader", "class_loader_type", "objects", "shallow_bytes", "retained_bytes");
        assertThat(fields(CommandRun.successful("dominators", "--json", dump).out()))
                .containsKeys("object", "type", "name", "shallow_bytes", "retained_bytes", "dominator", "holder");
        assertThat(fields(CommandRun.successful("threads", "--json", dump).out()))
                .containsKeys(
                        "name",
                        "id",
                        "system",
                        "state",
                        "wait_reason",
                        "labels",
                        "stack_bytes",
                        "retained_bytes",
                        "frames",
                        "function",
                        "file",
                        "line",
                        "frame_bytes");
    }

    @Test
    void anObjectIsFoundByItsAddressAndByOneInsideIt() throws IOException {
        String address = fields(CommandRun.successful("dominators", "--limit", "1", "--json", dump)
                        .out())
                .getOrDefault("object", "");
        String object = CommandRun.successful("object", address, "--json", dump).out();
        assertThat(fields(object))
                .containsKeys(
                        "element_count", "retained_objects", "reachability", "root", "fields", "referrers", "via");
        assertThat(object).contains("\"object\" : \"" + address + "\"");
        String inside = "0x" + Long.toHexString(Long.parseUnsignedLong(address.substring(2), 16) + 4);
        assertThat(CommandRun.successful("object", inside, "--json", dump).out())
                .isEqualTo(object);
        assertThat(CommandRun.of("object", "0x1", dump).code()).isEqualTo(ExitCode.USAGE.code());
    }

    @Test
    void anObjectThatHoldsTheCanaryDoesNotShowIt() throws IOException {
        String bytes = canaryArray();
        // The last object named is the last referrer, and the only one of a string's array is the string.
        String holder = fields(
                        CommandRun.successful("object", bytes, "--json", dump).out())
                .getOrDefault("object", "");
        assertThat(CommandRun.successful("object", holder, dump).out()).contains("java.lang.String");
        for (String address : List.of(bytes, holder)) {
            String text = CommandRun.successful("object", address, dump).out();
            String json =
                    CommandRun.successful("object", address, "--json", dump).out();
            assertThat(text + json).contains(address).doesNotContain(LayoutScenario.canary());
        }
    }

    /** Address of the array that holds the canary: its record is a tag, the address, 4 + 4 bytes, and the type of elements. */
    private static String canaryArray() {
        byte[] file = DUMP.bytes();
        byte[] canary = LayoutScenario.canary().getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 18; at + canary.length <= file.length; at++) {
            boolean isArray = file[at - 18] == 0x23 && file[at - 1] == 8;
            if (isArray && Arrays.equals(file, at, at + canary.length, canary, 0, canary.length)) {
                return "0x" + Long.toHexString(ByteBuffer.wrap(file).getLong(at - 17));
            }
        }
        throw new AssertionError("no canary in the dump");
    }

    @Test
    void theHistogramIsTheJvmsOwn() {
        String all = CommandRun.successful("histogram", "--all", "--limit", "0", dump)
                .out();
        Map<String, JvmHistogram.Row> truth = DUMP.settled();
        int compared = 0;
        for (String line : all.split("\n")) {
            String[] cells = line.trim().split("\\s{2,}");
            JvmHistogram.Row row = cells.length == 4 ? truth.get(cells[3]) : null;
            if (row != null && !cells[3].equals("java.lang.Class") && !cells[3].equals("int[]")) {
                assertThat(cells[0].replace(",", "")).as(cells[3]).isEqualTo(Long.toString(row.objects()));
                assertThat(cells[1].replace(",", "").replace("~", ""))
                        .as(cells[3])
                        .isEqualTo(Long.toString(row.bytes()));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void profileWritesAllProfilesAndASummary(@TempDir Path out) throws IOException {
        CommandRun run = CommandRun.successful("profile", dump, "-o", out.toString());
        assertThat(run.out()).contains("Largest retainers", "go tool pprof -http=", "roots.pb.gz");
        List<String> names;
        try (Stream<Path> files = Files.list(out)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        assertThat(names).containsExactly("inuse.pb.gz", "roots.pb.gz", "threads.pb.gz", "unreachable.pb.gz");
        var inuse = PprofDecoder.decode(out.resolve("inuse.pb.gz"));
        var roots = PprofDecoder.decode(out.resolve("roots.pb.gz"));
        int bytes = inuse.valueIndex("inuse_space");
        assertThat(roots.total(bytes)).isEqualTo(inuse.total(bytes)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 1", "--threads 2", "--threads 7", "--work-dir WORK"})
    void profilesAreTheSameBytesWhateverTheOptions(String options, @TempDir Path out, @TempDir Path work)
            throws IOException {
        Path plain = out.resolve("plain");
        Path other = out.resolve("other");
        CommandRun.successful("profile", dump, "-o", plain.toString());
        List<String> arguments = new ArrayList<>(List.of("profile", dump, "-o", other.toString()));
        arguments.addAll(List.of(options.replace("WORK", work.toString()).split(" ")));
        CommandRun.successful(arguments.toArray(new String[0]));
        try (Stream<Path> files = Files.list(plain)) {
            for (Path file : files.toList()) {
                assertThat(other.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void theSummaryAndTheFilesOfProfileDoNotShowTheCanary(@TempDir Path out) throws IOException {
        String text =
                CommandRun.successful("profile", dump, "-o", out.toString()).out();
        String json = CommandRun.successful("profile", "--json", dump, "-o", out.toString())
                .out();
        assertThat(fields(json)).isNotEmpty();
        assertThat(text + json).doesNotContain(LayoutScenario.canary());
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                try (InputStream raw = new GZIPInputStream(Files.newInputStream(file))) {
                    assertThat(new String(raw.readAllBytes(), StandardCharsets.ISO_8859_1))
                            .doesNotContain(LayoutScenario.canary());
                }
            }
        }
    }

    @Test
    void aDumpNumberThatTheFileDoesNotHaveIsAUsageError() {
        CommandRun run = CommandRun.of("info", "--dump-number", "9", dump);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("9", "has 1");
    }

    @Test
    void aTruncatedDumpEndsWithTheCodeForLosses() throws IOException {
        byte[] whole = DUMP.bytes();
        Path cut = folder.resolve("cut.hprof");
        Files.write(cut, java.util.Arrays.copyOf(whole, (int) (whole.length * 0.9)));
        CommandRun run = CommandRun.of("info", cut.toString());
        assertThat(run.code()).isEqualTo(ExitCode.LOSSES.code());
        assertThat(run.out()).contains("LOSS", "roots-lost");
        CommandRun strict = CommandRun.of("info", "--strict", cut.toString());
        assertThat(strict.code()).isEqualTo(ExitCode.UNREADABLE.code());
        assertThat(strict.err()).contains("offset");
    }

    @Test
    void aWrongLayoutIsAUsageError() {
        CommandRun run = CommandRun.of("info", "--layout", "header=13", dump);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("header=13");
    }

    @Test
    void whatOnlyCoreDumpsHaveIsAUsageErrorOnThisDump() {
        for (List<String> arguments : List.of(
                List.of("info", dump, "app"),
                List.of("info", dump, "--exe", "app"),
                List.of("threads", dump, "--ghost-frames"),
                List.of(
                        "profile",
                        dump,
                        "--stack-free",
                        "leaf",
                        "-o",
                        folder.resolve("leaf").toString()),
                List.of(
                        "profile",
                        dump,
                        "--profile-now",
                        "-o",
                        folder.resolve("now").toString()))) {
            CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
            assertThat(run.code()).as(arguments.toString()).isEqualTo(2);
            assertThat(run.err().lines())
                    .as(run.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("is a dump of format hprof: ");
        }
        CommandRun twice = CommandRun.of("info", dump, "app", "--exe", "app");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("named twice");
    }

    @Test
    void aDumpWithoutMemoryAccountingSaysSo() throws IOException {
        assertThat(CommandRun.successful("memory", dump).out())
                .isEqualTo("This dump (hprof) records no memory accounting of the runtime.\n");
        assertThat(fields(CommandRun.successful("memory", "--json", dump).out()))
                .containsEntry("rows", "null")
                .containsEntry("total_bytes", "null");
    }
}

package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a core of a Go program, through the door that users take. */
class CommandsOnAGoCoreTest {
    private static String core = "";
    private static String program = "";

    @BeforeAll
    static void unpack() {
        GoFixture fixture = GoFixtures.named("1.26.11").orElseThrow();
        core = fixture.core().toString();
        program = fixture.executable().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info",
                "info --quick",
                "histogram --retained",
                "histogram --unreachable",
                "histogram --all",
                "dominators",
                "paths --type main.Record --paths 2",
                "roots",
                "threads --frames",
                "threads --ghost-frames",
                "memory"
            })
    void everyCommandAnswersAsTextAndAsJson(String command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(core, program));
        String text = CommandRun.successful(arguments.toArray(new String[0])).out();
        assertThat(text).isNotBlank().doesNotContain("BROKEN");
        arguments.add("--json");
        int tokens = 0;
        try (JsonParser parser = new JsonFactory()
                .createParser(
                        CommandRun.successful(arguments.toArray(new String[0])).out())) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        assertThat(tokens).isGreaterThan(10);
    }

    @Test
    void allObjectsHaveTypesWithoutAGraphToo() {
        // As many as the program made: a table of 1,000 records and a complete binary tree of 12 levels.
        String all = CommandRun.successful("histogram", "--all", "--limit", "0", core, program)
                .out();
        assertThat(all)
                .containsPattern("(?m)^ *1,000 .* main\\.Record$")
                .containsPattern("(?m)^ *4,095 .* main\\.Tree$");
    }

    @Test
    void ghostFramesAreShownOnlyWhenAskedFor() {
        String without = CommandRun.successful("threads", core, program).out();
        assertThat(without).doesNotContain("left in free stack");
        assertThat(CommandRun.successful("threads", core, program, "--json").out())
                .doesNotContain("ghost");
        String with = CommandRun.successful("threads", "--ghost-frames", core, program)
                .out();
        assertThat(with)
                .contains("left in free stack (evidence only, not in the sums):")
                .contains("called by runtime.bgsweep, which is live")
                .contains("runtime.sweepone (");
        assertThat(with.lines().filter(line -> !line.contains("…")))
                .as("nothing else is another")
                .containsAll(without.lines()
                        .filter(line -> line.contains("KiB used"))
                        .toList());
    }

    @Test
    void anObjectIsFoundByAnAddressInsideIt() {
        String text = CommandRun.successful("paths", core, program, "--type", "main.Record", "--limit", "1")
                .out();
        long address = Long.decode(text.substring(0, text.indexOf(' ')));
        String inside = "0x" + Long.toHexString(address + 24);

        String object =
                CommandRun.successful("object", core, "--exe", program, inside).out();
        assertThat(object)
                .startsWith("0x" + Long.toHexString(address) + "  main.Record\n")
                .contains("held by global main.registry", "Name ", "Attrs ")
                .doesNotContain("Score");
        assertThat(CommandRun.successful("object", core, program, inside, "--contents")
                        .out())
                .contains("Score");
    }

    @Test
    void profilesAreThoseThatTheDumpSupportsAndTheSameWithAnyNumberOfThreads(@TempDir Path folder) throws IOException {
        Path one = folder.resolve("one");
        Path three = folder.resolve("three");
        String summary = CommandRun.successful("profile", core, program, "-o", one.toString(), "--threads", "1")
                .out();
        CommandRun.successful("profile", core, program, "-o", three.toString(), "--threads", "3");

        List<Path> files;
        try (Stream<Path> list = Files.list(one)) {
            files = list.sorted().toList();
        }
        assertThat(files)
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly(
                        "goroutines.pb.gz",
                        "inuse.pb.gz",
                        "roots.pb.gz",
                        "runtime-heap.pb.gz",
                        "stacks.pb.gz",
                        "unreachable.pb.gz")
                .allSatisfy(name -> assertThat(summary).contains(name));
        for (Path file : files) {
            assertThat(three.resolve(String.valueOf(file.getFileName()))).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void profilesOfARuntimeCanCountWhatItHasNotPublished(@TempDir Path folder) {
        CommandRun.successful("profile", core, program, "--profile-now", "-o", folder.toString());
        assertThat(folder.resolve("runtime-heap.pb.gz")).isNotEmptyFile();
    }

    @Test
    void freeStackSpaceStandsWhereOneWantsIt(@TempDir Path folder) {
        Path entry = folder.resolve("entry");
        Path used = folder.resolve("used");
        CommandRun.successful("profile", core, program, "-o", entry.toString());
        CommandRun.successful("profile", core, program, "--stack-free", "USED", "-o", used.toString());

        assertThat(functions(entry)).contains("runtime._FreeStack", "main.main.func1");
        assertThat(functions(used)).contains("main.main.func1").noneMatch(name -> name.endsWith("_FreeStack"));
        CommandRun wrong =
                CommandRun.of("profile", core, program, "--stack-free", "somewhere", "-o", folder.toString());
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("ENTRY", "somewhere");
    }

    private static List<String> functions(Path folder) {
        DecodedProfile profile = PprofDecoder.decode(folder.resolve("stacks.pb.gz"));
        return profile.functions().stream().map(DecodedProfile.Function::name).toList();
    }

    @Test
    void theModelOfEclipseMemoryAnalyzerIsForItsOwnDumpsOnly() {
        CommandRun run = CommandRun.of("info", "--mat", core, program);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--mat is for HPROF dumps only").hasLineCount(1);
    }
}

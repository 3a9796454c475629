package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What commands say of an index is what they say of its dump. */
class IndexCommandsTest {
    @TempDir
    Path folder;

    @Test
    void everyCommandSaysTheSameOfAnIndexAsOfItsDump() throws IOException {
        String dump = CommittedDump.JDK17.copyTo(folder).toString();
        new IndexParity(folder, List.of(dump), List.of()).check();
    }

    @Test
    void everyCommandSaysTheSameOfAnIndexOfAGoCore() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11").orElseThrow();
        new IndexParity(
                        folder,
                        List.of(fixture.core().toString(), fixture.executable().toString()),
                        List.of())
                .check();
    }

    static Stream<String> everyGoFixture() {
        return Boolean.getBoolean("holdfast.everyFixture")
                ? GoFixtures.available().stream().map(GoFixture::name)
                : Stream.of("none");
    }

    @ParameterizedTest
    @MethodSource("everyGoFixture")
    void everyCommandSaysTheSameOfEveryGoFixture(String name) throws IOException {
        Optional<GoFixture> found = GoFixtures.named(name);
        assumeThat(found).as("-Dholdfast.everyFixture=true runs it").isPresent();
        GoFixture fixture = found.orElseThrow();
        String program = fixture.executable().toString();
        new IndexParity(folder, List.of(fixture.core().toString(), program), List.of()).check();
        if (fixture.has("heapdump.xz")) {
            String dump = fixture.file("heapdump.xz").toString();
            new IndexParity(folder, List.of(dump), List.of()).check();
            new IndexParity(folder, List.of(dump, program), List.of()).check();
        }
    }

    static Stream<Path> everyFixture() throws IOException {
        Path java = Fixtures.java().orElse(null);
        if (java == null || !Boolean.getBoolean("holdfast.everyFixture")) {
            return Stream.of(Path.of("none"));
        }
        try (Stream<Path> files = Files.list(java)) {
            return files.filter(file -> file.toString().endsWith(".hprof.gz")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("everyFixture")
    void everyCommandSaysTheSameOfEveryFixture(Path dump) throws IOException {
        assumeThat(dump).as("-Dholdfast.everyFixture=true runs it").isRegularFile();
        for (List<String> options : List.of(List.<String>of(), List.of("--mat"), List.of("--references", "strong"))) {
            new IndexParity(folder, List.of(dump.toString()), options).check();
        }
    }

    @Test
    void whatTheDumpAloneHasIsAUsageErrorWithoutIt() throws IOException {
        String dump = CommittedDump.JDK17.copyTo(folder).toString();
        Path index = new IndexParity(folder, List.of(dump), List.of()).index();
        CommandRun quick = CommandRun.of("info", "--quick", "--index", index.toString());
        assertThat(quick.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(quick.err()).contains("name DUMP too");
    }
}

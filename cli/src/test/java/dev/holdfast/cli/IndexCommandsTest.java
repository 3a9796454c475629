package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

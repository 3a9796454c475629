package dev.holdfast.dump.pclntab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoOracle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function of the fixtures' executables, with files and lines, against Go's own package debug/gosym. */
class FunctionTableTest {
    @TempDir
    static Path folder;

    private static Path oracle = Path.of("");

    static List<GoFixture> executables() {
        return GoFixtures.available().stream()
                .filter(fixture -> !fixture.name().matches(".*-(kernel|churn|memprofile1|nogreenteagc|noswissmap)"))
                .toList();
    }

    @BeforeAll
    static void buildTheOracle() throws InterruptedException {
        Optional<Path> built = GoOracle.build(FunctionTableTest.class, "symbols", folder);
        assumeTrue(built.isPresent(), GoOracle.REASON);
        oracle = built.orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("executables")
    void goFindsTheSameFunctionsFilesAndLines(GoFixture fixture) throws IOException, InterruptedException {
        try (GoProgram program = open(fixture)) {
            FunctionTable functions = program.functions();
            Path errors = folder.resolve("errors-" + fixture.name());
            Process process = new ProcessBuilder(
                            oracle.toString(), fixture.executable().toString())
                    .redirectError(errors.toFile())
                    .start();
            int lines = 0;
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                @Nullable GoFunction function = null;
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    String[] words = line.split(" ", line.startsWith("F") ? 3 : 4);
                    long pc = Long.parseLong(words[1]) + program.bias();
                    GoFunction found = Objects.requireNonNull(functions.function(pc), line);
                    if (words[0].equals("F")) {
                        function = found;
                        if (found.entry() != pc || !found.symbol().equals(words[2])) {
                            fail("%s: %s", line, found);
                        }
                        continue;
                    }
                    lines++;
                    List<CodePlace> places = functions.places(pc);
                    CodePlace inner = places.get(0);
                    CodePlace outer = places.get(places.size() - 1);
                    // One assertion for all: there are a hundred thousand of them.
                    if (found != function
                            || inner.line() != Integer.parseInt(words[2])
                            || !words[3].equals(inner.file())
                            || inner.inlined() != places.size() > 1
                            || !outer.symbol().equals(found.symbol())) {
                        fail("%s: %s in %s", line, places, found);
                    }
                }
            } finally {
                process.destroy();
            }
            assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
            assertThat(lines).isGreaterThan(5000);
        }
    }

    @Test
    void functionsAreFoundByNameAndNotOutsideOfTheCode() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11").orElseThrow();
        try (GoProgram program = open(fixture)) {
            FunctionTable functions = program.functions();
            GoFunction main = Objects.requireNonNull(functions.named("main.main"));
            assertThat(functions.function(main.entry())).isSameAs(main);
            assertThat(main.topFrame()).isFalse();
            assertThat(Objects.requireNonNull(functions.named("runtime.goexit")).topFrame())
                    .isTrue();
            assertThat(functions.named("main.mai")).isNull();
            assertThat(functions.function(0)).isNull();
            assertThat(functions.function(-1)).isNull();
            assertThat(functions.function(main.module().endText())).isNull();
            assertThat(functions.function(main.module().text() - 1)).isNull();
            assertThat(functions.places(1)).isEmpty();
            assertThat(functions.stackDelta(main, main.entry())).isZero();
        }
    }

    private static GoProgram open(GoFixture fixture) throws IOException {
        return GoProgram.open(fixture.core(), DumpOptions.DEFAULT.withExecutable(fixture.executable()), new Warnings());
    }
}

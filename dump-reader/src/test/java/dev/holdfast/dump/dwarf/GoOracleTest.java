package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that Go's own packages debug/elf and debug/dwarf read in executables, against this reader: every type with its fields,
 * every package variable, constant and function, and every place of every variable.
 */
class GoOracleTest {
    @TempDir
    static Path folder;

    private static Path oracle = Path.of("");

    static List<GoFixture> executables() {
        return GoFixtures.available().stream()
                .filter(fixture -> !fixture.name().matches(".*-(stripped|kernel|churn|memprofile1|nogreenteagc)"))
                .toList();
    }

    @BeforeAll
    static void buildTheOracle() throws InterruptedException {
        Optional<Path> built = GoOracle.build(GoOracleTest.class, "oracle", folder);
        assumeTrue(built.isPresent(), GoOracle.REASON);
        oracle = built.orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("executables")
    void goReadsTheSameFacts(GoFixture fixture) throws IOException, InterruptedException {
        Warnings warnings = new Warnings();
        try (ElfFile file = ElfFile.open(fixture.executable())) {
            Dwarf dwarf = Objects.requireNonNull(Dwarf.open(file, warnings));
            Path errors = folder.resolve("errors-" + fixture.name());
            Process process = new ProcessBuilder(
                            oracle.toString(), fixture.executable().toString())
                    .redirectError(errors.toFile())
                    .start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                OracleComparison comparison = new OracleComparison(dwarf);
                comparison.run(lines);
                assertThat(comparison.types).isGreaterThan(1000);
                assertThat(comparison.locals).isGreaterThan(10_000);
            } finally {
                process.destroy();
            }
            assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
            assertThat(warnings.list()).isEmpty();
        }
    }
}

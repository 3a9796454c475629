package dev.holdfast.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.dwarf.DwarfFuzzer;
import dev.holdfast.dump.elf.ElfFuzzer;
import dev.holdfast.dump.goheapdump.GoHeapDumpFuzzer;
import dev.holdfast.dump.gostack.StackMapsFuzzer;
import dev.holdfast.dump.gotypes.DescriptorsFuzzer;
import dev.holdfast.dump.io.GzipFuzzer;
import dev.holdfast.dump.pclntab.FunctionTableFuzzer;
import dev.holdfast.testkit.FuzzTarget;
import dev.holdfast.testkit.Jazzer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzers of the parsers of this module. */
class FuzzersTest {
    private static final int CHANGES = 200;

    static List<Class<?>> fuzzers() {
        return List.of(
                GzipFuzzer.class,
                ElfFuzzer.class,
                DwarfFuzzer.class,
                FunctionTableFuzzer.class,
                StackMapsFuzzer.class,
                DescriptorsFuzzer.class,
                GoHeapDumpFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void seedsAndSomeDamageToThemAreReadOrRefused(Class<?> fuzzer) {
        assertThatCode(() -> FuzzTarget.of(fuzzer).runDamaged(Integer.MAX_VALUE, CHANGES))
                .doesNotThrowAnyException();
    }

    /** In the profile {@code fuzz} only, for as many seconds as {@code -Dholdfast.fuzz.seconds} says. */
    @ParameterizedTest
    @MethodSource("fuzzers")
    void coverageGuidedFuzzingFindsNothing(Class<?> fuzzer) throws IOException, InterruptedException {
        FuzzTarget target = FuzzTarget.of(fuzzer);
        assumeTrue(Jazzer.wants(target), "only with -Pfuzz");
        assertThat(Jazzer.run(target, Path.of("target", "fuzz").toAbsolutePath()))
                .isEmpty();
    }
}

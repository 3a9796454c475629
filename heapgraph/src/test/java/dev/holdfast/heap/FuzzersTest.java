package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.FuzzTarget;
import dev.holdfast.testkit.Jazzer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzers that open a heap. */
class FuzzersTest {
    private static final int CHANGES = 4;

    static List<Class<?>> fuzzers() {
        return List.of(IndexFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void seedsAndSomeDamageToThemAreReadOrRefused(Class<?> fuzzer) {
        assertThatCode(() -> FuzzTarget.of(fuzzer).runDamaged(4, CHANGES)).doesNotThrowAnyException();
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

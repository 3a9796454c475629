package dev.holdfast.report;

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

/** Fuzzers of whole dumps through to their profiles. */
class FuzzersTest {
    /** So much damage to a dump; to a core less, as each takes a second while the program is cold. */
    private static final int CHANGES = 100;

    private static final int CHANGES_OF_A_CORE = 4;

    static List<Class<?>> fuzzers() {
        return List.of(HprofFuzzer.class, GoCoreFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void seedsAndSomeDamageToThemAreReadOrRefused(Class<?> fuzzer) {
        int changes = fuzzer == GoCoreFuzzer.class ? CHANGES_OF_A_CORE : CHANGES;
        assertThatCode(() -> FuzzTarget.of(fuzzer).runDamaged(4, changes)).doesNotThrowAnyException();
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

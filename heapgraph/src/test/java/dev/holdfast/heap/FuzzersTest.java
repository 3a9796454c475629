package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.FuzzTarget;
import dev.holdfast.testkit.Jazzer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzers that open a heap. */
class FuzzersTest {
    private static final long SEED = 20_261_122;
    private static final int CHANGES = 4;

    static List<Class<?>> fuzzers() {
        return List.of(GoCoreFuzzer.class, IndexFuzzer.class);
    }

    @ParameterizedTest
    @MethodSource("fuzzers")
    void seedsAndSomeDamageToThemAreReadOrRefused(Class<?> fuzzer) {
        FuzzTarget target = FuzzTarget.of(fuzzer);
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        seeds.stream().limit(4).forEach(target::run);
        Damage.sampled(seeds.get(seeds.size() - 1), SEED, CHANGES)
                .forEach(damage -> assertThatCode(() -> target.run(damage.bytes()))
                        .as("%s, seed %d", damage, SEED)
                        .doesNotThrowAnyException());
    }

    /** In the profile {@code fuzz} only, for as many seconds as {@code -Dholdfast.fuzz.seconds} says. */
    @ParameterizedTest
    @MethodSource("fuzzers")
    void coverageGuidedFuzzingFindsNothing(Class<?> fuzzer) throws IOException, InterruptedException {
        assumeTrue(Jazzer.seconds().isPresent(), "only with -Pfuzz");
        assertThat(Jazzer.run(
                        FuzzTarget.of(fuzzer),
                        Jazzer.seconds().orElseThrow(),
                        Path.of("target", "fuzz").toAbsolutePath()))
                .isEmpty();
    }
}

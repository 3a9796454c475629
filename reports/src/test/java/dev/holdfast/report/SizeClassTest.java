package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeClassTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "2, 2",
        "3, 4",
        "16, 16",
        "17, 32",
        "1048577, 2097152",
        "4611686018427387904, 4611686018427387904"
    })
    void arraysGoToTheNextPowerOfTwo(long bytes, long bucket) {
        assertThat(SizeClass.of(bytes, true)).isEqualTo(bucket);
        assertThat(SizeClass.of(bytes, false)).isEqualTo(bytes);
    }
}

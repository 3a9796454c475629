package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutOverrideTest {
    @Test
    void everyPartIsRead() {
        assertThat(LayoutOverride.parse("header=16, reference=8,alignment=32,rule=jdk14,arrays=jdk22"))
                .isEqualTo(new LayoutOverride(16, 8, 32, FieldRule.BY_LEVEL, ArrayBase.WORD));
    }

    @Test
    void whatIsAbsentStaysOpen() {
        assertThat(LayoutOverride.parse("")).isEqualTo(LayoutOverride.NONE);
        assertThat(LayoutOverride.parse("rule=jdk15"))
                .isEqualTo(new LayoutOverride(0, 0, 0, FieldRule.FILL_HOLES, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header=10",
                "reference=16",
                "alignment=24",
                "rule=mat",
                "arrays=x",
                "size=4",
                "header",
                "=",
                "header=12;"
            })
    void whatIsWrongIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayoutOverride.parse(text))
                .withMessageStartingWith("layout: ")
                .withMessageContaining(text.startsWith("=") ? "''" : text.replaceAll("=.*", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "17.0.15+6-Ubuntu-0ubuntu1, 17",
        "25.0.3+9-LTS, 25",
        "25+36-LTS, 25",
        "11.0.4+11, 11",
        "25.80-b11, 8",
        "25.412-b08, 8",
        "24.0-b56, 7",
        "20.1-b02, 6",
        "1.5.0_12-b04, 5",
        "9-ea+100, 9",
        "x, 0",
        "'', 0"
    })
    void theVersionOfTheVmTellsTheRelease(String version, int release) {
        assertThat(new LayoutHints(version, null, null).release()).isEqualTo(release);
    }
}

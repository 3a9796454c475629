package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageFramesTest {
    @Test
    void aJavaTypeStandsBelowItsPackages() {
        assertThat(PackageFrames.java("java.util.HashMap$Node")).containsExactly("java", "java.util");
        assertThat(PackageFrames.java("java.util.HashMap$Node[][]")).containsExactly("java", "java.util");
        assertThat(PackageFrames.java("byte[][]")).containsExactly("(primitive arrays)");
        assertThat(PackageFrames.java("Main")).isEmpty();
        assertThat(PackageFrames.java("Main[]")).isEmpty();
    }

    @Test
    void aForgedNameOfThousandsOfPackagesHasFewFrames() {
        assertThat(PackageFrames.java("a.".repeat(5000) + "B")).hasSize(32);
        assertThat(PackageFrames.java("...")).containsExactly(".", "..");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "main.T | main",
                "*main.T | main",
                "[]*net/http.Server | net/http",
                "[8]github.com/acme/cache.Entry | github.com/acme/cache",
                "gopkg.in/yaml%2ev3.Node | gopkg.in/yaml%2ev3",
                "map[string]*main.T | main",
                "map[net/url.Values]int | net/url",
                "map[[4]int]map[main.K][]string | main",
                "map.group[string]*main.T | main",
                "[]*map.table[net/url.Values]int | net/url",
                "map.Helper | map",
                "mapped.Thing | mapped",
                "(unknown 48 bytes) | (unknown types)",
                "chan net.Conn | net",
                "main.Pair[int,github.com/acme/x.Y] | main",
                "string | (built-in types)",
                "[]uint8 | (built-in types)",
                "func(main.T) error | (built-in types)",
                "struct { x main.T } | (built-in types)",
                "map[string | (built-in types)",
                "[ | (built-in types)",
            })
    void aGoTypeStandsBelowItsPackagePath(String type, String path) {
        assertThat(PackageFrames.go(type)).isEqualTo(path);
    }
}

package dev.holdfast.dump.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.CommittedDump;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dumps that HotSpot 17 and 25 compressed themselves, with the system's zlib: their members' headers are not all alike. */
class CommittedGzipTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource
    void everyMemberIsRead(CommittedDump dump) throws IOException {
        byte[] expected = dump.bytes();
        Warnings warnings = new Warnings();
        byte[] actual = new byte[expected.length];
        try (ByteSource source =
                Sources.open(dump.copyTo(folder), DumpOptions.DEFAULT.withStrict(true), warnings, Progress.NONE)) {
            assertThat(source).isInstanceOf(GzipMembers.class);
            assertThat(source.size()).isEqualTo(expected.length);
            assertThat(source.read(0, actual, 0, actual.length)).isEqualTo(expected.length);
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(warnings.list()).isEmpty();
    }
}

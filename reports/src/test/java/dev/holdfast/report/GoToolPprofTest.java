package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference reader makes of our profiles. Needs a Go toolchain. */
class GoToolPprofTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void topListsTypesByBytes() throws IOException {
        String top = pprof("-top", write("a", 1000).toString());

        assertThat(top).contains("Type: inuse_space").containsPattern("1000B +\\S+ +\\S+ +1000B +\\S+ +byte\\[\\]");
        assertThat(top).doesNotContain("Main binary filename not available");
    }

    @Test
    void rawShowsStacksLabelsAndTheOneMapping() throws IOException {
        String raw = pprof("-raw", write("a", 1000).toString());

        assertThat(raw)
                .contains("inuse_objects/count inuse_space/bytes[dflt]")
                .contains("1: 0x0/0x0/0x0 java  [FN]")
                .contains("type:[byte[]]")
                .contains("bytes:[1024 bytes]")
                .contains("M=1");
    }

    @Test
    void treeAndTagsWork() throws IOException {
        String file = write("a", 1000).toString();

        assertThat(pprof("-tree", file)).contains("(primitive arrays)").contains("table java.util.HashMap$Node[]");
        assertThat(pprof("-tags", file))
                .contains("root_kind: Total")
                .contains("thread")
                .contains("bytes: Total");
    }

    @Test
    void graphLabelsAreNotShortened() throws IOException {
        String dot = pprof("-dot", "-nodefraction=0", write("a", 1000).toString());

        assertThat(dot)
                .contains("table java.util.HashMap$Node[]")
                .contains("static cache com.acme.Cache")
                .contains("class com.acme.Cache")
                .contains("next github.com/acme/cache.Entry");
    }

    @Test
    void diffBaseShowsOnlyWhatGrew() throws IOException {
        String base = write("a", 1000).toString();
        String grown = write("b", 1500).toString();

        String top = pprof("-top", "-diff_base=" + base, grown);

        assertThat(top)
                .containsPattern("500B +\\S+ +\\S+ +500B +\\S+ +byte\\[\\]")
                .doesNotContain("HashMap");
        assertThat(pprof("-top", "-diff_base=" + base, base)).contains("accounting for 0, ");
    }

    private Path write(String name, long arrayBytes) throws IOException {
        ProfileBuilder builder = ProfileBuilder.inUse()
                .timeNanos(name.hashCode() * 1_000_000_000L)
                .period(ValueType.INUSE_SPACE, 1)
                .mapping("java");
        Labels thread = Labels.NONE.with("root_kind", "thread");
        int arrays = builder.frame(ProfileBuilder.ROOT, FrameNames.PRIMITIVE_ARRAYS);
        builder.sample(
                builder.frame(arrays, "byte[]"),
                thread.with("type", "byte[]").with("bytes", 1024, "bytes"),
                1,
                arrayBytes);
        int frame = builder.frame(ProfileBuilder.ROOT, "class com.acme.Cache");
        for (String child : List.of(
                "static cache com.acme.Cache", "table java.util.HashMap$Node[]", "next github.com/acme/cache.Entry")) {
            frame = builder.frame(frame, child);
            builder.sample(frame, thread.with("type", "x"), 1, 24);
        }
        Path file = folder.resolve(name + ".pb.gz");
        PprofWriter.write(builder.build(ProfileLimits.DEFAULT), file);
        return file;
    }

    private String pprof(String... arguments) throws IOException {
        return GoPprof.run(folder, arguments);
    }
}

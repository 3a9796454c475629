package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.StressDumps;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseIdsTest {
    private static final int OBJECTS = 3_000_000;

    @TempDir
    private Path folder = Path.of("");

    /** Three million objects, one to a page of 1 MiB: a bitmap of their 3 TB of addresses would take 48 GB. */
    @Test
    void threeMillionObjectsOneToAPageAreProfiledInASmallHeap() throws Exception {
        StressDumps.Written dump = StressDumps.sparseIds(folder.resolve("sparse.hprof"), OBJECTS);

        ChildJvm run = ChildJvm.run(
                folder,
                "300m",
                Main.class,
                "profile",
                "--out",
                folder.resolve("profiles").toString(),
                dump.file().toString());

        assertThat(run.err())
                .doesNotContain("\tat ")
                .doesNotContain("Exception")
                .doesNotContain("OutOfMemory");
        assertThat(run.code()).as(run.err()).isZero();
        // The three classes are objects too.
        assertThat(run.out()).contains("%,d objects reachable".formatted(OBJECTS + 3));
        assertThat(run.out()).contains("static head com.example.Node");
    }
}

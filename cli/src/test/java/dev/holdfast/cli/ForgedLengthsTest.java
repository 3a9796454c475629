package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgedLengthsTest {
    private static final List<String> ID_SIZES = List.of("4", "8");

    /** Lengths of 2^31-1, 2^31, 2^32-1, 2^63-1 and 2^63, in heaps of 48 MB, side by side: each takes most of a minute. */
    @Test
    void noForgedLengthIsAllocated(@TempDir Path folder) throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(ID_SIZES.size());
        try {
            List<Future<ChildJvm>> runs = both.invokeAll(
                    ID_SIZES.stream().map(size -> profiled(folder, size)).toList());
            for (int i = 0; i < ID_SIZES.size(); i++) {
                ChildJvm run = runs.get(i).get();
                assertThat(run.err()).isEmpty();
                assertThat(run.code()).isZero();
                assertThat(run.out())
                        .as("codes and runs with identifiers of %s bytes", ID_SIZES.get(i))
                        .startsWith("codes ")
                        .contains("3=")
                        .contains("4=");
            }
        } finally {
            both.shutdownNow();
        }
    }

    private static Callable<ChildJvm> profiled(Path folder, String idSize) {
        return () -> {
            Path own = Files.createDirectories(folder.resolve(idSize));
            return ChildJvm.run(own, "48m", ProfileForged.class, own.toString(), idSize);
        };
    }
}

package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.roots.ThreadRetention;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.NativeFrameScenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What native frames of real JVMs hold by JNI locals alone. */
class NativeFramesThatHoldTest {
    private static final String OWN = NativeFrameScenario.class.getName() + ".";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void jniLocalsCountForTheirFrameOrForTheThreadThatHasNone(int feature) throws IOException {
        LiveJvm jvm = LiveJvm.ofFeature(feature).orElse(null);
        Assumptions.assumeTrue(jvm != null, "no JDK " + feature + " installed");
        Path library =
                NativeFrameScenario.library(Objects.requireNonNull(jvm), folder).orElse(null);
        Assumptions.assumeTrue(library != null, "no C compiler with JNI headers of JDK " + feature);
        LiveJvm.Dump dump = jvm.dump(NativeFrameScenario.class, folder, "native", List.of("-Dholder=" + library));
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.file())) {
            List<ThreadRetention> threads = ThreadRetention.of(profiled.heap());
            assertThat(bytes(threads, "native-middle", "holdAndRun")).isEqualTo(array(NativeFrameScenario.MIDDLE));
            assertThat(bytes(threads, "native-top", "holdAndStay")).isEqualTo(array(NativeFrameScenario.TOP));
            assertThat(thread(threads, "native-outside").nativeBytes()).hasValue(array(NativeFrameScenario.OUTSIDE));

            ReadProfile profile =
                    ReadProfile.of(ProfiledHeap.profile(profiled.profiles(ProfiledHeap.EVERYTHING), "threads.pb.gz"));
            assertThat(profile.samples())
                    .anySatisfy(sample -> {
                        assertThat(sample.labels()).containsEntry("thread", "native-outside");
                        assertThat(sample.stack()).containsExactly(ThreadsProfile.OUTSIDE_FRAMES);
                        assertThat(sample.values()).containsExactly(0L, array(NativeFrameScenario.OUTSIDE));
                    })
                    .anySatisfy(sample -> {
                        assertThat(sample.labels()).containsEntry("thread", "native-top");
                        assertThat(sample.stack()).endsWith(OWN + "holdAndStay");
                        assertThat(sample.values()).containsExactly(1L, array(NativeFrameScenario.TOP));
                    });
        }
    }

    /** A byte[]: 12 bytes of header, 4 of length. */
    private static long array(int length) {
        return length + 16L + 7 & -8;
    }

    private static ThreadRetention thread(List<ThreadRetention> threads, String name) {
        return threads.stream()
                .filter(each -> each.thread().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + name));
    }

    private static long bytes(List<ThreadRetention> threads, String name, String method) {
        ThreadRetention retention = thread(threads, name);
        for (int i = 0; i < retention.frameBytes().size(); i++) {
            if (retention.thread().frames().get(i).function().equals(OWN + method)) {
                return retention.frameBytes().get(i).orElse(-1);
            }
        }
        throw new AssertionError(
                "no frame " + method + " in " + retention.thread().frames());
    }
}

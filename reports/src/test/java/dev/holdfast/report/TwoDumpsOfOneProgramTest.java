package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.SmallScenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames carry no addresses, ids or counts: two runs of one program have the same, and so {@code -diff_base} shows what changed. */
class TwoDumpsOfOneProgramTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void bothHaveTheSameFrames() throws IOException {
        Set<String> first = frames("first");
        Set<String> second = frames("second");

        assertThat(first).hasSizeGreaterThan(500).contains("static CACHE java.util.HashMap");
        assertThat(second).isEqualTo(first);
    }

    /** The names of all functions of the profile {@code roots.pb.gz} of a run. */
    private Set<String> frames(String run) throws IOException {
        Path dump = LiveJvm.current()
                .dump(SmallScenario.class, folder, run, List.of("-XX:+UseSerialGC"))
                .file();
        try (ProfiledHeap profiled = ProfiledHeap.open(dump)) {
            ProfileSet set = profiled.profiles(ProfiledHeap.EVERYTHING);
            return ReadProfile.of(ProfiledHeap.profile(set, "roots.pb.gz")).decoded().functions().stream()
                    .map(DecodedProfile.Function::name)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

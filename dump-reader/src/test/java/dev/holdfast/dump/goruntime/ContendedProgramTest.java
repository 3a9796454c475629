package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.LiveGo;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of ours in which goroutines wait for each other, dumped right after it wrote its own profiles. */
class ContendedProgramTest {
    @Test
    void profilesAreThoseThatTheProcessWroteToTheLastDigit(@TempDir Path folder) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);
        LiveGo.Dump dump = go.orElseThrow().dump("contended", folder);
        Warnings warnings = new Warnings();

        try (GoProgram program =
                GoProgram.open(dump.core(), DumpOptions.DEFAULT.withExecutable(dump.executable()), warnings)) {
            List<RecordedProfile> profiles =
                    new RecordedProfiles(program, new ProfileBuckets(program, false), program.functions()).all();

            assertThat(profiles).extracting(RecordedProfile::name).containsExactly("heap", "block", "mutex");
            for (RecordedProfile ours : profiles) {
                DecodedProfile theirs = PprofDecoder.decode(dump.folder().resolve(ours.name() + ".pb.gz"));
                assertThat(ProfileKeys.measures(ours)).isEqualTo(ProfileKeys.measures(theirs));
                assertThat(ours.period()).isEqualTo(theirs.period());
                List<List<String>> keys =
                        ours.samples().stream().map(ProfileKeys::of).toList();
                int before = -1;
                for (DecodedProfile.Sample their : theirs.samples()) {
                    List<String> key = ProfileKeys.of(theirs, their);
                    int at = indexAfter(keys, key, before);
                    assertThat(at)
                            .as("%s: %s after %d in %s", ours.name(), key, before, keys)
                            .isGreaterThan(before);
                    before = at;
                    // The runtime's own locks are contended now and then, also after the profile was written.
                    if (key.toString().contains(" main.")) {
                        assertThat(ours.samples().get(at).values())
                                .as("%s", key)
                                .isEqualTo(their.values());
                    }
                }
            }
            assertThat(functions(profiles.get(1))).contains("main.receive", "main.inlinedTwice", "main.deep");
            assertThat(functions(profiles.get(2)))
                    .contains("main.(*counter).add")
                    .anyMatch(function -> function.startsWith("main.(*pair[") && !function.contains("[...]"));
        }
        assertThat(warnings.list()).isEmpty();
    }

    /** Two samples may have the same stack once the runtime's frames are hidden. */
    private static int indexAfter(List<List<String>> keys, List<String> key, int before) {
        int found = keys.subList(before + 1, keys.size()).indexOf(key);
        return found < 0 ? -1 : before + 1 + found;
    }

    private static List<String> functions(RecordedProfile profile) {
        return profile.samples().stream()
                .flatMap(sample -> sample.stack().stream())
                .flatMap(location -> location.frames().stream())
                .map(frame -> frame.function())
                .distinct()
                .toList();
    }
}

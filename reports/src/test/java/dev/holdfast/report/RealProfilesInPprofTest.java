package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.report.ProfiledHeap.Model;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.MatTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code go tool pprof} makes of the profiles of real dumps, against figures that come from elsewhere. Needs a Go toolchain. */
class RealProfilesInPprofTest {
    @TempDir
    Path folder = Path.of("");

    private record Total(String file, String type, long value) {
        /** As the first line of {@code -top} ends; {@code -unit=B} puts a B after numbers of objects too. */
        String shown() {
            return "% of " + value + "B total";
        }
    }

    @Test
    void topTreeTagsAndDiffOfARealDumpAddUpToTheReachableHeap() throws IOException {
        WalkedHeap walked;
        long everything = 0;
        long threads;
        try (ProfiledHeap profiled = ProfiledHeap.open(CommittedDump.JDK25.copyTo(folder))) {
            walked = WalkedHeap.of(profiled.heap());
            for (int object = 0; object < profiled.heap().graph().objectCount(); object++) {
                everything += profiled.heap().graph().shallowSize(object);
            }
            threads = profiled.heap().dump().threads().size();
            profiled.profiles(ProfileLimits.DEFAULT).write(folder);
            assertThat(walked.objects())
                    .isBetween(10_000L, (long) profiled.heap().graph().objectCount());
        }
        for (Total total : List.of(
                new Total("inuse", "inuse_space", walked.bytes()),
                new Total("inuse", "inuse_objects", walked.objects()),
                new Total("roots", "inuse_space", walked.bytes()),
                new Total("roots", "inuse_objects", walked.objects()),
                new Total("unreachable", "space", everything - walked.bytes()),
                new Total("threads", "thread", threads))) {
            assertThat(pprof("-top", "-nodefraction=0", "-sample_index=" + total.type, total.file))
                    .as("%s", total)
                    .contains("Type: " + total.type)
                    .contains(total.shown());
        }

        for (String file : List.of("inuse", "roots", "unreachable", "threads")) {
            assertThat(pprof("-tree", file)).as(file).contains("flat%", "calls%");
            // Without sample_index: against itself nothing is left of the default type.
            assertThat(pprof("-top", "-diff_base=" + path(file), file))
                    .as(file)
                    .contains("Showing nodes accounting for 0, 0% of ");
        }
        assertThat(pprof("-tags", "inuse"))
                .contains("reachability: Total " + walked.bytes() + "B")
                .contains("root_kind: Total " + walked.bytes() + "B")
                .contains("type: Total " + walked.bytes() + "B")
                .contains("bytes: Total " + walked.bytes() + "B");
        assertThat(pprof("-tags", "roots"))
                .contains("root_kind: Total " + walked.bytes() + "B")
                .contains("system class");
        assertThat(pprof("-tags", "threads"))
                .contains("scene-parked")
                .contains("virtual")
                .contains("platform");
        // The planted leak, by name and with all that it retains.
        assertThat(pprof("-peek", "^static CACHE java.util.HashMap$", "-nodefraction=0", "roots"))
                .contains("class dev.holdfast.testkit.SmallScenario$Leak")
                .contains("table java.util.HashMap$Node[]");
    }

    @Test
    void underMatTheTotalsAreThoseOfMat() throws IOException {
        Path java = Fixtures.java().orElse(Path.of(""));
        Assumptions.assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        for (String name : List.of("hello17", "refs17-all")) {
            MatTables tables = MatTables.of(java, name);
            try (ProfiledHeap profiled = ProfiledHeap.open(tables.dump(), Model.MAT)) {
                profiled.profiles(ProfileLimits.DEFAULT).write(folder);
            }
            for (String file : List.of("inuse", "roots")) {
                assertThat(pprof("-top", file))
                        .as(name)
                        .contains(new Total(file, "", tables.number("info", "used_heap")).shown());
                assertThat(pprof("-top", "-sample_index=inuse_objects", file))
                        .as(name)
                        .contains(new Total(file, "", tables.number("info", "objects")).shown());
            }
        }
    }

    private Path path(String profile) {
        return folder.resolve(profile + ".pb.gz");
    }

    /** The last argument is the name of a profile; sizes are printed as plain bytes. */
    private String pprof(String... arguments) throws IOException {
        String[] all = arguments.clone();
        all[all.length - 1] = path(arguments[arguments.length - 1]).toString();
        String[] withUnit = new String[all.length + 1];
        withUnit[0] = "-unit=B";
        System.arraycopy(all, 0, withUnit, 1, all.length);
        return GoPprof.run(folder, withUnit);
    }
}

package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.roots.ThreadRetention;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.FrameScenario;
import dev.holdfast.testkit.FrameScenario.Scene;
import dev.holdfast.testkit.FrameScenario.Structure;
import dev.holdfast.testkit.JsonText;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.LiveJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What frames of real JVMs retain, against structures of known size that only their locals hold. */
class FramesThatHoldTest {
    private static final String HELD = FrameScenario.Held.class.getName();

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "17, 12, -Xint",
        "17, 12, -Xbatch -XX:+PrintCompilation",
        "25, 12, -Xint",
        "25,  8, -Xbatch -XX:+PrintCompilation -XX:+UseCompactObjectHeaders"
    })
    void everyFrameRetainsTheStructureThatItsLocalHolds(int feature, int header, String options) throws IOException {
        LiveJvm jvm = LiveJvm.ofFeature(feature).orElse(null);
        Assumptions.assumeTrue(jvm != null, "no JDK " + feature + " installed");
        LiveJvm.Dump dump =
                Objects.requireNonNull(jvm).dump(FrameScenario.class, folder, "frames", List.of(options.split(" ")));
        if (options.contains("PrintCompilation")) {
            // Level 4 is the optimising compiler.
            assertThat(Files.readString(folder.resolve("frames.log")))
                    .containsPattern(" 4 +" + FrameScenario.class.getName() + "::outer ");
        }
        Sizes sizes = new Sizes(header, dump.before());
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.file())) {
            List<ThreadRetention> threads = ThreadRetention.of(profiled.heap());
            Map<String, Long> profile = bytesInProfile(profiled);
            Map<String, Long> json = bytesInJson(profiled);
            List<String> text = text(profiled);
            List<Scene> scenes = new ArrayList<>(List.of(Scene.values()));
            scenes.removeIf(scene -> scene.virtual() && feature < 21);
            for (Scene scene : scenes) {
                Map<String, Long> expected = sizes.ofFrames(scene);
                ThreadRetention retention = named(threads, scene.thread());
                assertThat(bytesOfFrames(retention)).as("%s", scene).containsExactlyInAnyOrderEntriesOf(expected);
                assertThat(startingWith(profile, scene.thread() + " "))
                        .as("%s in the profile", scene)
                        .containsExactlyInAnyOrderEntriesOf(expected);
                assertThat(startingWith(json, scene.thread() + " "))
                        .as("%s in JSON", scene)
                        .containsExactlyInAnyOrderEntriesOf(expected);
                assertThat(text).as("%s", scene).anyMatch(line -> line.matches(standing(scene)));
                // What two frames hold is the thread's, what a static field holds too is not.
                assertThat(retention.sharedBytes().orElseThrow())
                        .as("%s shared", scene)
                        .isBetween(sizes.of(scene.shared()), sizes.of(scene.registered()));
            }
        }
    }

    /** Dumps that are always there, with virtual threads whatever JDK is installed. */
    @ParameterizedTest
    @EnumSource
    void inCommittedDumpsTooEachFrameRetainsWhatItsLocalHolds(CommittedDump dump) throws IOException {
        JvmHistogram.Row local = Objects.requireNonNull(dump.settled().get("dev.holdfast.testkit.ThreadScenes$Local"));
        // A byte[1000] in each: with 12 or 16 bytes of header and length 1016.
        long expected = local.bytes() / local.objects() + 1_016;
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.copyTo(folder))) {
            int found = 0;
            for (ThreadRetention thread : ThreadRetention.of(profiled.heap())) {
                List<StackFrame> frames = thread.thread().frames();
                for (int i = 0; i < frames.size(); i++) {
                    if (frames.get(i).function().equals("dev.holdfast.testkit.ThreadScenes.hold")) {
                        assertThat(thread.frameBytes().get(i))
                                .as(thread.thread().name())
                                .hasValue(expected);
                        found++;
                    }
                }
            }
            assertThat(found).isEqualTo((int) local.objects());
        }
    }

    /** The first line of a thread's report. */
    private static String standing(Scene scene) {
        return scene.thread() + "  #\\d+ "
                + switch (scene) {
                    case PARKED -> "platform daemon, waiting \\(parked\\), retains [0-9.]+ KiB";
                    case SPINNING -> "platform daemon, runnable, retains [0-9.]+ KiB";
                    case VIRTUAL_UNMOUNTED ->
                        "virtual, unmounted, waiting \\(parked\\), retains [0-9.]+ KiB,"
                                + " stack [0-9.]+ (B|KiB) \\([0-9.]+ (B|KiB) used\\)";
                    case VIRTUAL_SPINNING ->
                        "virtual, mounted on ForkJoinPool-1-worker-\\d+, running," + " retains [0-9.]+ KiB";
                    case VIRTUAL_PINNED ->
                        "virtual, mounted on ForkJoinPool-1-worker-\\d+,"
                                + " waiting \\(parked, pinned\\), retains [0-9.]+ KiB";
                };
    }

    private static List<String> text(ProfiledHeap profiled) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ThreadsReport.of(profiled.heap(), true).writeText(out);
        out.flush();
        return text.toString().lines().toList();
    }

    /** Sizes by the layout that the JVM was started with. */
    private record Sizes(int header, long head) {
        Sizes(int header, JvmHistogram histogram) {
            this(header, ofHead(histogram));
        }

        private static long ofHead(JvmHistogram histogram) {
            JvmHistogram.Row row = Objects.requireNonNull(histogram.rows().get(HELD));
            return row.bytes() / row.objects();
        }

        long of(Structure structure) {
            long array = header + 4 + 4L * structure.parts();
            long part = header + 4L + structure.partBytes();
            return head + aligned(array) + structure.parts() * aligned(part);
        }

        Map<String, Long> ofFrames(Scene scene) {
            Map<String, Long> bytes = new HashMap<>();
            for (String method : FrameScenario.METHODS) {
                bytes.put(method, of(scene.of(method)));
            }
            return bytes;
        }

        private static long aligned(long bytes) {
            return bytes + 7 & -8;
        }
    }

    private static ThreadRetention named(List<ThreadRetention> threads, String name) {
        return threads.stream()
                .filter(each -> each.thread().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + name));
    }

    /** By method of the scenario; frames of other classes that retain something keep their class. */
    private static Map<String, Long> bytesOfFrames(ThreadRetention retention) {
        Map<String, Long> bytes = new HashMap<>();
        DumpThread thread = retention.thread();
        for (int i = 0; i < thread.frames().size(); i++) {
            OptionalLong retained = retention.frameBytes().get(i);
            if (retained.orElseThrow() > 0) {
                bytes.merge(method(thread.frames().get(i).function()), retained.getAsLong(), Long::sum);
            }
        }
        return bytes;
    }

    private static String method(String function) {
        String own = FrameScenario.class.getName() + ".";
        return function.startsWith(own) ? function.substring(own.length()) : function;
    }

    /** The bytes of the leaves of the threads' stacks, by thread and method. */
    private static Map<String, Long> bytesInProfile(ProfiledHeap profiled) {
        Map<String, Long> bytes = new HashMap<>();
        ReadProfile profile =
                ReadProfile.of(ProfiledHeap.profile(profiled.profiles(ProfiledHeap.EVERYTHING), "threads.pb.gz"));
        for (ReadProfile.Sample sample : profile.samples()) {
            String leaf = sample.stack().get(sample.stack().size() - 1);
            if (sample.values().get(1) > 0 && !leaf.startsWith("(")) {
                String function = leaf.replaceFirst(":[0-9]+$", "");
                bytes.merge(
                        sample.labels().get("thread") + " " + method(function),
                        sample.values().get(1),
                        Long::sum);
            }
        }
        return bytes;
    }

    private static Map<String, Long> bytesInJson(ProfiledHeap profiled) throws IOException {
        StringWriter text = new StringWriter();
        ThreadsReport.of(profiled.heap(), true).writeJson(text);
        Map<String, Long> bytes = new HashMap<>();
        for (Map<?, ?> row : rows(JsonText.parse(text.toString()), "rows")) {
            for (Map<?, ?> frame : rows(row, "frames")) {
                if (frame.get("retained_bytes") instanceof Long retained && retained > 0) {
                    bytes.merge(row.get("name") + " " + method("" + frame.get("function")), retained, Long::sum);
                }
            }
        }
        return bytes;
    }

    private static List<Map<?, ?>> rows(@Nullable Object object, String field) {
        List<Map<?, ?>> rows = new ArrayList<>();
        if (object instanceof Map<?, ?> map && map.get(field) instanceof List<?> list) {
            for (Object each : list) {
                rows.add((Map<?, ?>) each);
            }
        }
        return rows;
    }

    private static Map<String, Long> startingWith(Map<String, Long> all, String prefix) {
        Map<String, Long> some = new HashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                some.put(key.substring(prefix.length()), value);
            }
        });
        return some;
    }
}

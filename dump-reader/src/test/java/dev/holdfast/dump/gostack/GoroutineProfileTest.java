package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The goroutine profile that the process wrote itself is the oracle: functions with type arguments, files, lines, labels. */
class GoroutineProfileTest {
    /** The runtime records 32 calls of a goroutine, since Go 1.23 128; the deep one is cut there. */
    private static final int SHORTEST_CUT = 32;

    static Stream<GoFixture> fixtures() {
        return GoFixtures.available().stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyStackOfTheProfileIsFoundWithItsLabels(GoFixture fixture) throws IOException {
        Map<String, Integer> wanted = new TreeMap<>();
        int cut = SHORTEST_CUT;
        DecodedProfile profile = PprofDecoder.decode(fixture.bytes("goroutine.pb.gz"));
        for (DecodedProfile.Sample sample : profile.samples()) {
            List<String> stack = stack(profile, sample);
            cut = Math.max(cut, stack.size());
        }
        for (DecodedProfile.Sample sample : profile.samples()) {
            String labels = sample.labels().stream()
                    .map(label -> label.key() + "=" + label.text())
                    .sorted()
                    .collect(Collectors.joining(","));
            if (comparable(labels, stack(profile, sample))) {
                wanted.merge(
                        labels + " " + stack(profile, sample),
                        Math.toIntExact(sample.values().get(0)),
                        Integer::sum);
            }
        }
        assertThat(wanted).hasSizeGreaterThan(20);

        Map<String, Integer> found = new HashMap<>();
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            GoroutineTable table = opened.goroutines();
            GoStacks stacks = table.stacks();
            for (Goroutine goroutine : table.all()) {
                List<String> stack = new ArrayList<>();
                for (StackFrame call : stacks.stack(goroutine).calls()) {
                    if (stack.size() < cut && !call.wrapper()) {
                        stack.add(call.function() + "@" + call.file() + ":" + call.line());
                    }
                }
                String labels = goroutine.labels().entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
                if (!goroutine.system() && comparable(labels, stack)) {
                    found.merge(labels + " " + stack, 1, Integer::sum);
                }
            }
        }
        assertThat(new TreeMap<>(found)).isEqualTo(wanted);
    }

    private static List<String> stack(DecodedProfile profile, DecodedProfile.Sample sample) {
        List<String> stack = new ArrayList<>();
        for (long id : sample.locationIds()) {
            for (DecodedProfile.Location location : profile.locations()) {
                if (location.id() == id) {
                    for (DecodedProfile.Line line : location.lines()) {
                        for (DecodedProfile.Function function : profile.functions()) {
                            if (function.id() == line.functionId()) {
                                stack.add(function.name() + "@" + function.filename() + ":" + line.line());
                            }
                        }
                    }
                }
            }
        }
        return stack;
    }

    /** Leaves out the writer, what went on running, and what began later. */
    private static boolean comparable(String labels, List<String> stack) {
        String all = String.join(" ", stack);
        return !labels.startsWith("kind=spin")
                && !all.contains("main.main@")
                && !all.contains("main.newborn@")
                && !all.contains("main.main.gowrap")
                && !all.contains("main.main.func")
                && !all.contains("runtime.main@");
    }
}

package dev.holdfast.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CallPathTest {
    private static final int DEEPEST = 10;
    private static final long SEED = 20261121;

    /** The path from the root to the leaf. */
    private static String text(CallPath path) {
        List<String> names = new ArrayList<>();
        for (int at = path.leaf(); at >= 0; at = path.steps().get(at).parent()) {
            CallPath.Step step = path.steps().get(at);
            names.add(0, function(step) + ":" + step.bytes());
        }
        return String.join(" ", names);
    }

    private static String function(CallPath.Step step) {
        return step.location().get(step.location().size() - 1).function();
    }

    private static List<StackFrame> leafFirst(String rootFirst) {
        List<StackFrame> calls = new ArrayList<>();
        for (String function : rootFirst.split(" ")) {
            calls.add(0, Goroutines.call(function, 8));
        }
        return calls;
    }

    @Test
    void aStackThatIsNotTooDeepStaysAsItIs() {
        assertThat(text(CallPath.of(leafFirst("main a b a b c"), DEEPEST))).isEqualTo("main:8 a:8 b:8 a:8 b:8 c:8");
        assertThat(CallPath.of(leafFirst("main a b a b c"), DEEPEST).cut()).isFalse();
        assertThat(CallPath.of(List.of(), DEEPEST).leaf()).isEqualTo(-1);
    }

    @Test
    void inlinedCallsShareTheFrameOfWhatTheyWereInlinedInto() {
        CallPath path = CallPath.of(
                List.of(Goroutines.inlined("get"), Goroutines.call("serve", 48), Goroutines.call("main", 32)), DEEPEST);

        assertThat(path.steps()).hasSize(2);
        assertThat(path.steps().get(1).bytes()).isEqualTo(48);
        assertThat(path.steps().get(1).location())
                .extracting(StackFrame::function)
                .containsExactly("get", "serve");
    }

    @Test
    void recursionOfADeepStackIsShownOnce() {
        assertThat(text(CallPath.of(leafFirst("main f f f f f f f f f f f f wait"), DEEPEST)))
                .isEqualTo("main:8 f:96 wait:8");
        CallPath mutual = CallPath.of(leafFirst("main a b a b a b a b a b a c wait"), DEEPEST);
        assertThat(text(mutual)).isEqualTo("main:8 a:48 c:8 wait:8");
        assertThat(mutual.cut()).isTrue();
        assertThat(mutual.steps().stream()
                        .filter(step -> function(step).equals("b"))
                        .mapToLong(CallPath.Step::bytes)
                        .sum())
                .as("what was called on the way around is beside the path")
                .isEqualTo(40);
    }

    @Test
    void eachFunctionKeepsItsBytesAndEachEdgeWasACall() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            List<StackFrame> calls = Goroutines.random(random, 1 + random.nextInt(60), 1 + random.nextInt(8));
            CallPath path = CallPath.of(calls, DEEPEST);

            Map<String, Long> expected = new HashMap<>();
            Set<String> edges = new HashSet<>();
            String caller = "";
            for (int i = calls.size() - 1; i >= 0; i--) {
                if (!calls.get(i).inlined()) {
                    String function = calls.get(i).function();
                    expected.merge(function, calls.get(i).bytes(), Long::sum);
                    edges.add(caller + ">" + function);
                    caller = function;
                }
            }
            Map<String, Long> found = new HashMap<>();
            for (CallPath.Step step : path.steps()) {
                found.merge(function(step), step.bytes(), Long::sum);
                String above = step.parent() < 0 ? "" : function(path.steps().get(step.parent()));
                assertThat(edges).as("round %d of seed %d", round, SEED).contains(above + ">" + function(step));
            }
            assertThat(found).as("round %d of seed %d", round, SEED).isEqualTo(expected);
            assertThat(function(path.steps().get(path.leaf()))).isEqualTo(caller);
        }
    }
}

package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SessionTest {
    private static ExitCode twoPhases(Session session) {
        session.progress().phase("reading objects", 20_000_000);
        session.progress().advance(15_000_000);
        session.progress().advance(7_000_000);
        session.progress().phase("dominators", -1);
        session.progress().advance(3);
        session.warn("something is odd");
        session.out().println("result");
        return ExitCode.DONE;
    }

    @Test
    void isSilentOnStandardErrorByDefault() {
        CommandRun run = CommandRun.probe(SessionTest::twoPhases, "probe", "a", "--no-progress");

        assertThat(run.err()).isEqualToIgnoringNewLines("holdfast: warning: something is odd");
        assertThat(run.out()).isEqualToIgnoringNewLines("result");
    }

    @Test
    void theBarNamesThePhaseAndIsWipedAtTheEnd() {
        CommandRun run = CommandRun.probe(SessionTest::twoPhases, "probe", "a", "--progress");

        assertThat(run.err()).contains("\r").contains("reading objects").contains("dominators");
        assertThat(run.err().substring(run.err().lastIndexOf('\r') + 1))
                .isEqualToIgnoringNewLines("holdfast: warning: something is odd");
        assertThat(run.out()).isEqualToIgnoringNewLines("result");
    }

    @Test
    void timingsListThePhasesInOrderAndTheMemory() {
        CommandRun run = CommandRun.probe(SessionTest::twoPhases, "probe", "a", "--timings", "--no-progress");

        assertThat(run.err())
                .containsSubsequence("s  reading objects", "s  dominators", "s  total", "MB peak of the Java heap");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theResidentPeakIsTheKernels() {
        OptionalLong peak = Timings.residentPeak();

        assertThat(peak).isPresent();
        assertThat(peak.getAsLong()).isGreaterThan(1 << 20);
    }
}

package dev.holdfast.roots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.JavaDeadlocks.Ring;
import dev.holdfast.roots.JavaDeadlocks.Wait;
import dev.holdfast.testkit.DeadlockScenario;
import dev.holdfast.testkit.LiveJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deadlocks of a JVM that has some. */
class JavaDeadlocksTest {
    @TempDir
    Path folder = Path.of("");

    private static String wait(List<DumpThread> threads, Wait wait) {
        return threads.get(wait.thread()).name() + " > "
                + threads.get(wait.owner()).name() + ": " + wait.lock();
    }

    @Test
    void ringsOfLocksAreExactAndThoseOfMonitorsAreGuessed() throws IOException {
        LiveJvm.Dump dump = LiveJvm.current().dump(DeadlockScenario.class, folder, "deadlocks", List.of());
        try (HeapSnapshot heap = Heaps.open(dump.file())) {
            List<DumpThread> threads = heap.dump().threads();
            JavaDeadlocks found = JavaDeadlocks.find(heap);

            List<Ring> rings = found.rings().stream()
                    .sorted(Comparator.comparing(Ring::exact).reversed())
                    .toList();
            assertThat(rings).hasSize(2);
            assertThat(rings.get(0).exact()).isTrue();
            assertThat(rings.get(0).heldUp()).as("behind-0 and behind-1").isEqualTo(2);
            assertThat(rings.get(0).waits().stream().map(wait -> wait(threads, wait)))
                    .containsExactlyInAnyOrder(
                            "lock-0 > lock-1: java.util.concurrent.locks.ReentrantLock",
                            "lock-1 > lock-2: java.util.concurrent.locks.ReentrantReadWriteLock",
                            "lock-2 > lock-0: java.util.concurrent.locks.ReentrantLock");
            assertThat(rings.get(1).exact()).isFalse();
            assertThat(rings.get(1).heldUp()).isZero();
            assertThat(rings.get(1).waits().stream().map(wait -> wait(threads, wait)))
                    .containsExactlyInAnyOrder("monitor-0 > monitor-1: null", "monitor-1 > monitor-0: null");

            Set<String> waits =
                    found.waits().stream().map(wait -> wait(threads, wait)).collect(Collectors.toSet());
            assertThat(waits)
                    .contains("waiter > owner: java.util.concurrent.locks.ReentrantLock")
                    .noneMatch(wait -> wait.startsWith("timed ") || wait.startsWith("owner "));
            assertThat(found.blocked()).isEqualTo(2);
            assertThat(found.unresolved()).isZero();
        }
    }
}

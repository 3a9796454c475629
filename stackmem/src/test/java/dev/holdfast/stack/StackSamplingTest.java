package dev.holdfast.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackArea.Kind;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.StackSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StackSamplingTest {
    private static final long SEED = 20261121;
    private static final int DEEPEST = 1000;

    /** Keeps samples by the names on their stack, root first. */
    private static final class Kept implements StackSamples {
        private final List<String> stacks = new ArrayList<>(List.of(""));
        private final Map<String, Integer> numbers = new HashMap<>();
        private String label = "";
        private final Map<String, Long> bytes = new TreeMap<>();
        private final Map<String, Long> goroutines = new TreeMap<>();

        @Override
        public int frame(int parent, List<StackFrame> location) {
            String name = location.stream().map(StackFrame::function).collect(Collectors.joining("+"));
            String stack = stacks.get(parent).isEmpty() ? name : stacks.get(parent) + " " + name;
            return numbers.computeIfAbsent(stack, unseen -> {
                stacks.add(stack);
                return stacks.size() - 1;
            });
        }

        @Override
        public void of(@Nullable DumpThread thread) {
            label = thread == null ? "" : thread.labels().getOrDefault("kind", "");
        }

        @Override
        public void sample(int stack, long count, long space) {
            assertThat(stack).isPositive();
            String key = stacks.get(stack) + (label.isEmpty() ? "" : " {" + label + "}");
            bytes.merge(key, space, Long::sum);
            goroutines.merge(key, count, Long::sum);
        }

        private long bytes() {
            return bytes.values().stream().mapToLong(Long::longValue).sum();
        }

        private long goroutines() {
            return goroutines.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static Kept samples(List<DumpThread> threads, StackMemory memory, FreeSpace free) {
        Kept kept = new Kept();
        StackSampling.of(threads, memory, free, DEEPEST, kept);
        return kept;
    }

    private static Kept samples(FreeSpace free) {
        List<StackFrame> worker = List.of(Goroutines.call("wait", 100), Goroutines.call("work", 1000));
        List<DumpThread> threads = List.of(
                Goroutines.waiting(1, false, Map.of(), worker),
                Goroutines.waiting(2, false, Map.of(), worker),
                Goroutines.waiting(3, true, Map.of(), List.of(Goroutines.call("runtime.sweep", 200))));
        StackMemory memory = new StackMemory(
                3 * 65536 + 16384 + 32768 + 4096 + 2048,
                0,
                List.of(
                        new StackArea(Kind.SYSTEM, true, 1, 16384),
                        new StackArea(Kind.SYSTEM, false, 1, 8192),
                        new StackArea(Kind.SIGNAL, true, 1, 32768),
                        new StackArea(Kind.DEAD, true, 1, 4096),
                        new StackArea(Kind.POOL, true, 1, 2048)));
        return samples(threads, memory, free);
    }

    @Test
    void freeSpaceStandsBesideWhatTheEntryFunctionCalls() {
        assertThat(samples(FreeSpace.ENTRY).bytes)
                .isEqualTo(Map.ofEntries(
                        Map.entry("work", 2000L),
                        Map.entry("work wait", 200L),
                        Map.entry("work runtime._FreeStack", 2 * (65536L - 1100 - 40)),
                        Map.entry("runtime._StackBase", 80L),
                        Map.entry("runtime._StackSystem runtime.sweep", 200L),
                        Map.entry("runtime._StackSystem runtime.sweep runtime._FreeStack", 65536L - 200 - 40),
                        Map.entry("runtime._StackSystem runtime._StackBase", 40L),
                        Map.entry("runtime._StackSystem runtime._StackSystem.g0", 16384L),
                        Map.entry("runtime._StackSystem runtime._StackSystem.gsignal", 32768L),
                        Map.entry("runtime._StackDead", 4096L),
                        Map.entry("runtime._StackFree runtime._StackFree.pool", 2048L)));
    }

    @Test
    void theEntryFunctionIsNotWhatTheCompilerPutAboveIt() {
        List<StackFrame> calls = List.of(
                Goroutines.call("wait", 100),
                Goroutines.call("work", 1000),
                new StackFrame("main.gowrap1", "main.go", 1, false, 24, false, true));
        List<DumpThread> threads = List.of(
                Goroutines.waiting(1, false, Map.of(), calls),
                Goroutines.waiting(2, false, Map.of(), calls.subList(2, 3)));

        assertThat(samples(threads, StackMemory.NONE, FreeSpace.ENTRY).bytes)
                .containsEntry("main.gowrap1", 48L)
                .containsEntry("main.gowrap1 work", 1000L)
                .containsEntry("main.gowrap1 work runtime._FreeStack", 65536L - 1124 - 40)
                .containsEntry("main.gowrap1 runtime._FreeStack", 65536L - 24 - 40);
    }

    @Test
    void freeSpaceStandsWhereOneWantsIt() {
        assertThat(samples(FreeSpace.LEAF).bytes).containsEntry("work wait runtime._FreeStack", 2 * (65536L - 1140));
        assertThat(samples(FreeSpace.ROOT).bytes).containsEntry("runtime._FreeStack", 2 * (65536L - 1140));
        assertThat(samples(FreeSpace.GOROUTINE).bytes).containsEntry("runtime._FreeStack", 2 * (65536L - 1140));
        assertThat(samples(FreeSpace.TOTAL).bytes)
                .containsEntry("[total]", 2 * (65536L - 1100))
                .containsEntry("[total] work wait", 200L)
                .doesNotContainKey("runtime._StackBase");
        assertThat(samples(FreeSpace.USED).bytes)
                .isEqualTo(Map.of("work", 2000L, "work wait", 200L, "runtime._StackSystem runtime.sweep", 200L));
    }

    @ParameterizedTest
    @EnumSource(FreeSpace.class)
    void everyByteAndEveryGoroutineIsInAProfileOnce(FreeSpace free) {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            List<DumpThread> threads = randomThreads(random);
            List<StackArea> areas = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                areas.add(new StackArea(kind, random.nextBoolean(), 1, 2048L * random.nextInt(9)));
            }
            long recorded = threads.stream()
                            .mapToLong(DumpThread::stackBytes)
                            .map(bytes -> Math.max(0, bytes))
                            .sum()
                    + areas.stream()
                            .filter(StackArea::counted)
                            .mapToLong(StackArea::bytes)
                            .sum()
                    + random.nextInt(2) * 4096L;
            StackMemory memory = new StackMemory(recorded, 0, areas);
            Kept kept = samples(threads, memory, free);

            long frames = 0;
            Map<String, Long> prefixes = new TreeMap<>();
            Map<String, Long> full = new TreeMap<>();
            for (DumpThread thread : threads) {
                if (thread.stack() != null) {
                    expand(thread, free == FreeSpace.TOTAL, prefixes, full);
                    frames += thread.stack().used();
                }
            }
            assertThat(kept.bytes())
                    .as("round %d of seed %d", round, SEED)
                    .isEqualTo(free == FreeSpace.USED ? frames : recorded);
            assertThat(kept.goroutines())
                    .as("round %d of seed %d", round, SEED)
                    .isEqualTo(threads.stream()
                            .filter(thread -> thread.stack() != null)
                            .count());
            assertThat(kept.bytes).as("round %d of seed %d", round, SEED).containsAllEntriesOf(prefixes);
            kept.goroutines.values().removeIf(count -> count == 0);
            assertThat(kept.goroutines).as("round %d of seed %d", round, SEED).isEqualTo(full);
        }
    }

    /** The slow way: each goroutine by itself. */
    private static void expand(DumpThread thread, boolean total, Map<String, Long> prefixes, Map<String, Long> full) {
        String stack = (thread.system() ? "runtime._StackSystem" : "") + (total ? " [total]" : "");
        String labels = thread.labels().isEmpty() ? "" : " {" + thread.labels().get("kind") + "}";
        if (thread.frames().isEmpty()) {
            full.merge((stack + " runtime._StackUnknown").strip() + labels, 1L, Long::sum);
            return;
        }
        List<StackFrame> calls = thread.frames();
        for (int i = calls.size() - 1; i >= 0; i--) {
            String name = calls.get(i).function();
            long bytes = calls.get(i).bytes();
            if (i > 0 && calls.get(i - 1).inlined()) {
                name = calls.get(i - 1).function() + "+" + name;
                i--;
            }
            stack = (stack + " " + name).strip();
            prefixes.merge(stack + labels, bytes, Long::sum);
        }
        full.merge(stack + labels, 1L, Long::sum);
    }

    private static List<DumpThread> randomThreads(Random random) {
        List<List<StackFrame>> shapes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            shapes.add(Goroutines.random(random, random.nextInt(20), 6));
        }
        List<DumpThread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Map<String, String> labels = random.nextBoolean() ? Map.of() : Map.of("kind", "k" + random.nextInt(2));
            DumpThread thread =
                    Goroutines.waiting(i, random.nextInt(5) == 0, labels, shapes.get(random.nextInt(shapes.size())));
            threads.add(random.nextInt(10) == 0 ? withoutStack(thread) : thread);
        }
        return threads;
    }

    private static DumpThread withoutStack(DumpThread thread) {
        @Nullable StackSpace none = null;
        return new DumpThread(
                thread.address(),
                thread.name(),
                thread.id(),
                thread.kind(),
                thread.system(),
                false,
                thread.state(),
                null,
                thread.labels(),
                -1,
                null,
                none,
                thread.frames());
    }
}

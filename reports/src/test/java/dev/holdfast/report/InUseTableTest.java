package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InUseTableTest {
    private static final InUseNames NAMES = new InUseNames() {
        @Override
        public int frame(ProfileBuilder builder, int type, int allocationStack) {
            int parent = allocationStack == InUseTable.NONE
                    ? ProfileBuilder.ROOT
                    : builder.frame(ProfileBuilder.ROOT, "stack " + allocationStack);
            return builder.frame(parent, "type " + type);
        }

        @Override
        public Labels labels(int type, int allocationStack, int rootKind, int reachability, int thread) {
            Labels labels = Labels.NONE.with("root_kind", "k" + rootKind).with("reachability", "r" + reachability);
            return thread == InUseTable.NONE ? labels : labels.with("thread", "t" + thread);
        }
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void rowsAreWhatCountingByMapGives(long seed) {
        Random random = new Random(seed);
        InUseTable one = new InUseTable();
        InUseTable other = new InUseTable();
        Map<String, List<Long>> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int type = random.nextInt(50);
            int stack = random.nextInt(3) - 1;
            int kind = random.nextInt(4);
            int reachability = random.nextInt(3);
            int thread = random.nextInt(4) - 1;
            long bytes = random.nextInt(200) == 0 ? 5L << 31 : random.nextInt(300);
            long size = SizeClass.of(bytes, type % 2 == 0);
            (random.nextBoolean() ? one : other).add(type, stack, kind, reachability, thread, size, 1, bytes);

            Map<String, String> labels = new TreeMap<>();
            labels.put("root_kind", "k" + kind);
            labels.put("reachability", "r" + reachability);
            labels.put("bytes", size + " bytes");
            if (thread >= 0) {
                labels.put("thread", "t" + thread);
            }
            List<String> frames = stack < 0 ? List.of("type " + type) : List.of("stack " + stack, "type " + type);
            expected.merge(
                    new ReadProfile.Sample(frames, labels, List.of()).key(),
                    List.of(1L, bytes),
                    (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
        }

        one.addAll(other);
        ProfileBuilder builder = ProfileBuilder.inUse();
        one.addTo(builder, NAMES);

        assertThat(one.size()).isEqualTo(expected.size());
        Map<String, List<Long>> actual = new HashMap<>();
        for (ReadProfile.Sample sample : ReadProfile.of(builder.build(ProfileLimits.DEFAULT.withMaxSamples(0)))
                .samples()) {
            actual.put(sample.key(), sample.values());
        }
        assertThat(actual).as("seed %s", seed).isEqualTo(expected);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        InUseTable table = new InUseTable();

        assertThatThrownBy(() -> table.add(0, 0, 256, 0, 0, 8, 1, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.add(0, 0, 0, -1, 0, 8, 1, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.add(0, 0, 0, 0, 0, 8, 1, -8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.add(0, 0, 0, 0, 0, -8, 1, 8)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an ordinary map. */
class FrameOffsetsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void runsGapsStepsBackAndRepetitionsAreFoundAsAMapFindsThem(long seed) {
        Random random = new Random(seed);
        int idBytes = random.nextBoolean() ? 8 : 4;
        FrameOffsets offsets = new FrameOffsets(idBytes);
        Map<Long, Long> expected = new HashMap<>();
        long id = random.nextInt(3) - 1L;
        long offset = 31;
        for (int i = 0; i < 3_000; i++) {
            offsets.add(id, offset);
            expected.put(id, offset);
            offset += 9 + 4L * idBytes + 8;
            switch (random.nextInt(20)) {
                case 0 -> id += random.nextInt(5);
                case 1 -> id -= random.nextInt(40);
                case 2 -> offset += random.nextInt(100);
                default -> id++;
            }
        }
        for (long each = -5_000; each < 5_000; each++) {
            assertThat(offsets.get(each))
                    .as("seed %s, frame %s", seed, each)
                    .isEqualTo(expected.getOrDefault(each, -1L));
        }
    }
}

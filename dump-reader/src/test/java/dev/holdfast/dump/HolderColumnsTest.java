package dev.holdfast.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpRoots.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolderColumnsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void holdersComeBackAsTheyWere(long seed) {
        Random random = new Random(seed);
        RootKind[] kinds = RootKind.values();
        DumpRoots.Builder builder = new DumpRoots.Builder();
        List<Holder> expected = new ArrayList<>();
        for (int i = 0; i < random.nextInt(500); i++) {
            boolean underObject = random.nextBoolean();
            int parent = underObject ? DumpRoots.UNDER_OBJECT : random.nextInt(i + 1) - 1;
            Holder holder = new Holder(
                    kinds[random.nextInt(kinds.length)],
                    "name " + random.nextInt(20),
                    parent,
                    underObject ? random.nextLong() : 0,
                    random.nextInt(10) - 1,
                    random.nextInt(10) - 1);
            assertThat(builder.holder(holder)).isEqualTo(i);
            expected.add(holder);
        }
        assertThat(builder.build().holders()).as("seed %s", seed).isEqualTo(expected);
    }
}

package dev.holdfast.dump.gotypes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private final MadeDescriptors made = new MadeDescriptors();
    private final List<Long> descriptors = new ArrayList<>();

    private FactTable facts(List<Integer> ids) {
        for (int i = 0; i < 12; i++) {
            long at = made.reserve(96);
            made.struct(at, "p" + i % 3, "p.T" + i % 5, 8L * (1 + i % 4), 0);
            descriptors.add(at);
        }
        GoTypes types = made.types();
        for (long descriptor : descriptors) {
            ids.add(types.ofDescriptor(descriptor).id());
        }
        return new FactTable(types, new ObjectShapes(types, MadeDescriptors.noLayout(), true));
    }

    @Test
    void theBestClaimDoesNotDependOnTheOrder() {
        List<Integer> ids = new ArrayList<>();
        FactTable facts = facts(ids);
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Integer> claims = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                claims.add(Claims.claim(
                        1 + random.nextInt(Claims.HEADER), ids.get(random.nextInt(ids.size())), random.nextBoolean()));
            }
            int best = best(facts, claims);
            for (int i = 0; i < 5; i++) {
                Collections.shuffle(claims, random);
                assertThat(best(facts, claims)).as("seed %d", seed).isEqualTo(best);
            }
            int highest = claims.stream().mapToInt(Claims::rank).max().orElseThrow();
            assertThat(Claims.rank(best)).as("seed %d", seed).isEqualTo(highest);
        }
    }

    private static int best(FactTable facts, List<Integer> claims) {
        Claims column = new Claims(1, facts);
        for (int claim : claims) {
            column.improve(0, claim, true);
        }
        return column.get(0);
    }

    @Test
    void anObjectIsFollowedOnceALevel() {
        List<Integer> ids = new ArrayList<>();
        Claims column = new Claims(2, facts(ids));
        int weak = Claims.claim(Claims.TILED, ids.get(0), false);
        int strong = Claims.claim(Claims.FIT, ids.get(1), true);

        assertThat(column.improve(1, weak, true)).isTrue();
        assertThat(column.improve(1, strong, true)).isFalse();
        assertThat(column.begin(1)).isEqualTo(strong);
        assertThat(column.improve(1, strong, true)).isFalse();
        assertThat(column.improve(1, weak, true)).isFalse();
        assertThat(column.improve(1, Claims.claim(Claims.EXACT, ids.get(2), false), true))
                .isTrue();
        assertThat(column.get(0)).isZero();
    }

    @Test
    void masksOfValuesInARowAreThoseOfEachValue() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int words = 1 + random.nextInt(150);
            long[] mask = new long[words + 63 >>> 6];
            boolean[] pointers = new boolean[words];
            for (int i = 0; i < words; i++) {
                pointers[i] = i == 0 || random.nextInt(3) == 0;
                mask[i >>> 6] |= pointers[i] ? 1L << i : 0;
            }
            GoType.Draft draft = new GoType.Draft();
            draft.size = 8L * words;
            TypeFacts facts =
                    new TypeFacts(new GoType(1, draft), new PlanBuilder().build(), 8L * words, mask, true, true);
            int from = 64 * random.nextInt(5);
            long bits = facts.tiled(from);
            for (int i = 0; i < 64; i++) {
                assertThat((bits >>> i & 1) != 0)
                        .as("seed %d, word %d", seed, i)
                        .isEqualTo(pointers[(from + i) % words]);
            }
        }
    }
}

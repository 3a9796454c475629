package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayoutEvidenceTest {
    private static final int CLASSES = 40;

    @Test
    void neitherOrderNorWorkersChangeWhatIsKept() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            List<long[]> objects = objects(random, 20_000);
            LayoutEvidence one = collect(objects);
            one.seal();
            Collections.shuffle(objects, random);
            LayoutEvidence merged = new LayoutEvidence();
            int workers = 1 + random.nextInt(5);
            int from = 0;
            for (int w = 1; w <= workers; w++) {
                int to = w == workers ? objects.size() : from + random.nextInt(objects.size() - from + 1);
                merged.merge(collect(objects.subList(from, to)));
                from = to;
            }
            merged.seal();

            assertThat(describe(merged)).as("seed %d", seed).isEqualTo(describe(one));
        }
    }

    @Test
    void aClassWithFewInstancesIsKeptWhole() {
        LayoutEvidence evidence = new LayoutEvidence();
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < LayoutEvidence.PER_CLASS; i++) {
            addresses.add(0x7_0000_0000L + 24L * i);
            evidence.instance(3, 0x7_0000_0000L + 24L * i);
        }
        evidence.seal();

        assertThat(kept(evidence, 3)).containsExactlyInAnyOrderElementsOf(addresses);
        assertThat(evidence.instances(3)).isEqualTo(LayoutEvidence.PER_CLASS);
        assertThat(evidence.sampled(2)).isZero();
    }

    @Test
    void anObjectRecordedTwiceIsKeptOnce() {
        LayoutEvidence evidence = new LayoutEvidence();
        for (int i = 0; i < 100_000; i++) {
            evidence.instance(0, 4096);
            evidence.primitiveArray(8, 8192, i % 7);
        }
        evidence.seal();

        assertThat(kept(evidence, 0)).containsExactly(4096L);
        assertThat(evidence.arrays(8).size()).isEqualTo(1);
        assertThat(evidence.arrays(8).valueAt(0)).isEqualTo(6);
    }

    @Test
    void whatIsKeptIsBoundedWhateverTheNumberOfClasses() {
        LayoutEvidence evidence = new LayoutEvidence();
        int classes = 60_000;
        long address = 0x1000;
        for (int round = 0; round < 100; round++) {
            for (int c = 0; c < classes; c++) {
                evidence.instance(c, address += 16);
            }
        }
        evidence.seal();
        long kept = 0;
        for (int c = 0; c < classes; c++) {
            kept += evidence.sampled(c);
        }

        assertThat(kept).isBetween(1L << 18, 1L << 21);
    }

    @Test
    void aDamagedIdDoesNotDecideTheAlignment() {
        LayoutEvidence evidence = new LayoutEvidence();
        for (int i = 0; i < 5000; i++) {
            evidence.instance(i % 100, 0x7_0000_0000L + 32L * i);
        }
        evidence.instance(7, 0x7_0000_0003L);
        evidence.seal();

        assertThat(evidence.alignment()).isEqualTo(32);
    }

    @Test
    void matAlignmentIsTheDivisorOfAllDistances() {
        LayoutEvidence a = new LayoutEvidence();
        LayoutEvidence b = new LayoutEvidence();
        a.instance(0, 1000);
        a.object(1000 + 96);
        b.object(1000 + 48);
        b.object(0);
        a.merge(b);

        assertThat(a.matAlignment()).isEqualTo(48);
        a.object(1000 + 8);
        assertThat(a.matAlignment()).isEqualTo(8);
    }

    private static List<long[]> objects(Random random, int count) {
        List<long[]> objects = new ArrayList<>();
        long address = 0x7_0000_0000L;
        for (int i = 0; i < count; i++) {
            address += 8L * (1 + random.nextInt(20));
            int kind = random.nextInt(4);
            long key = kind == 0 ? 0 : kind == 1 ? 4 + random.nextInt(8) : random.nextInt(CLASSES);
            objects.add(new long[] {kind, address, key, random.nextInt(1000)});
        }
        return objects;
    }

    private static LayoutEvidence collect(List<long[]> objects) {
        LayoutEvidence evidence = new LayoutEvidence();
        for (long[] o : objects) {
            switch ((int) o[0]) {
                case 0 -> evidence.objectArray(o[1], o[3]);
                case 1 -> evidence.primitiveArray((int) o[2], o[1], o[3]);
                default -> evidence.instance((int) o[2], o[1]);
            }
        }
        return evidence;
    }

    private static List<Long> kept(LayoutEvidence evidence, int c) {
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < evidence.sampled(c); i++) {
            kept.add(evidence.address(c, i));
        }
        return kept;
    }

    private static List<Object> describe(LayoutEvidence evidence) {
        List<Object> all = new ArrayList<>();
        for (int c = 0; c < CLASSES; c++) {
            all.add(kept(evidence, c));
            all.add(evidence.instances(c));
        }
        for (int type : new int[] {2, 4, 5, 6, 7, 8, 9, 10, 11}) {
            all.add(evidence.arrayCount(type));
            for (int i = 0; i < evidence.arrays(type).size(); i++) {
                all.add(evidence.arrays(type).addressAt(i));
                all.add(evidence.arrays(type).valueAt(i));
            }
        }
        all.add(evidence.alignment());
        all.add(evidence.matAlignment());
        return all;
    }
}

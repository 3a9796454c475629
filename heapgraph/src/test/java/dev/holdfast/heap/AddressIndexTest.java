package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with a sorted set of boxed addresses. */
final class AddressIndexTest {
    private final ColumnStore store = ColumnStore.onHeap();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void numbersAnySetInUnsignedOrder(long seed) {
        Random random = new Random(seed);
        List<Long> addresses = new ArrayList<>();
        // Dense pages, thin pages, pages with odd addresses, pages next to each other and far apart, both ends.
        for (int region = 0; region < 12; region++) {
            long base = random.nextLong() & -0x10_0000L;
            int kind = random.nextInt(4);
            int objects = kind == 0 ? 3 : kind == 1 ? 1500 : 5000;
            int grain = kind == 3 ? 1 : 8;
            long at = base;
            for (int i = 0; i < objects; i++) {
                at += (long) grain * (1 + random.nextInt(12));
                addresses.add(at);
            }
        }
        addresses.add(0L);
        addresses.add(-1L);
        addresses.add(8L);
        addresses.add(-8L);
        addresses.add(Long.MIN_VALUE);
        addresses.add(Long.MAX_VALUE);
        if (seed % 2 == 0) {
            Collections.shuffle(addresses, random);
        }
        int repeated = random.nextInt(1000);
        for (int i = 0; i < repeated; i++) {
            addresses.add(addresses.get(random.nextInt(addresses.size())));
        }
        check(addresses, 1 + (int) (seed % 3), "seed " + seed);
    }

    @Test
    void aPageOfUnevenAddressesAmongEvenOnes() {
        List<Long> addresses = new ArrayList<>();
        for (long at = 0x7f00_0000_0000L; at < 0x7f00_0030_0000L; at += 16) {
            addresses.add(at);
        }
        addresses.add(0x7f00_0010_0004L);
        addresses.add(0x7f00_0020_0000L + 1);
        check(addresses, 1, "uneven");
    }

    @Test
    void aPageSharedByWorkersEachBelowTheThreshold() {
        List<Long> addresses = new ArrayList<>();
        for (long at = 0; at < 3000; at++) {
            addresses.add(0x1000_0000L + at * 8);
        }
        check(addresses, 3, "shared");
    }

    @Test
    void repetitionsDoNotMakeAPageDense() {
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            addresses.add(0x1000_0000L + i % 100 * 8L);
        }
        check(addresses, 1, "repetitions");
    }

    @Test
    void nothingAtAll() {
        AddressIndex index = new AddressIndexBuilder(store).build();
        assertThat(index.count()).isZero();
        assertThat(index.indexOf(0)).isEqualTo(-1);
        assertThat(index.floor(-1)).isEqualTo(-1);
        assertThat(index.next(5)).isEqualTo(5);
        assertThat(index.cursor(0).advance()).isFalse();
        assertThatThrownBy(() -> index.addressOf(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void threeMillionAddressesOneToAPageStaySmall() {
        AddressIndexBuilder builder = new AddressIndexBuilder(store);
        AddressCollector collector = builder.collector();
        int count = 3_000_000;
        for (long i = count - 1L; i >= 0; i--) {
            collector.add(i << 24 | i % 64 << 3);
        }
        AddressIndex index = builder.build();
        assertThat(index.count()).isEqualTo(count);
        assertThat(index.bytes()).isLessThanOrEqualTo(20L * count);
        assertThat(store.peakBytes()).isLessThanOrEqualTo(20L * count);
        for (long i = 0; i < count; i += 997) {
            assertThat(index.indexOf(i << 24 | i % 64 << 3)).isEqualTo((int) i);
        }
    }

    @Test
    void pagesJustDenseEnoughStayWithinTwentyBytesAnAddress() {
        AddressIndexBuilder builder = new AddressIndexBuilder(store);
        AddressCollector[] collectors = {builder.collector(), builder.collector()};
        int count = 0;
        for (long page = 0; page < 400; page++) {
            for (long i = 0; i < AddressIndex.DENSE; i++) {
                collectors[(int) (page % 2)].add(page << 21 | i << 6);
                count++;
            }
        }
        AddressIndex index = builder.build();
        assertThat(index.count()).isEqualTo(count);
        assertThat(store.peakBytes()).isLessThanOrEqualTo(20L * count);
    }

    @Test
    void aHeapInAddressOrderTakesLittleMoreThanOneByteAnObject() {
        AddressIndexBuilder builder = new AddressIndexBuilder(store);
        AddressCollector collector = builder.collector();
        Random random = new Random(1);
        long at = 0x6_0000_0000L;
        int count = 1_000_000;
        for (int i = 0; i < count; i++) {
            collector.add(at);
            at += 16 + random.nextInt(4) * 8L;
        }
        AddressIndex index = builder.build();
        assertThat(index.count()).isEqualTo(count);
        assertThat(index.bytes()).isLessThan(count + 300_000);
        assertThat(store.peakBytes()).isLessThan(2L * count);
    }

    private void check(List<Long> added, int workers, String what) {
        AddressIndexBuilder builder = new AddressIndexBuilder(store);
        List<AddressCollector> collectors = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            collectors.add(builder.collector());
        }
        for (int i = 0; i < added.size(); i++) {
            collectors.get(i * workers / added.size()).add(added.get(i));
        }
        AddressIndex index = builder.build();

        TreeSet<Long> set = new TreeSet<>(Long::compareUnsigned);
        set.addAll(added);
        long[] sorted = set.stream().mapToLong(Long::longValue).toArray();
        assertThat(index.count()).as(what).isEqualTo(sorted.length);
        assertThat(builder.duplicates()).as(what).isEqualTo(added.size() - sorted.length);
        AddressIndex.Cursor cursor = index.cursor(0);
        for (int i = 0; i < sorted.length; i++) {
            boolean same = index.indexOf(sorted[i]) == i
                    && index.addressOf(i) == sorted[i]
                    && index.floor(sorted[i]) == i
                    && cursor.advance()
                    && cursor.index() == i
                    && cursor.address() == sorted[i];
            if (!same) {
                fail("%s: object %d at %x", what, i, sorted[i]);
            }
            if (i % 5 == 0) {
                for (long delta : new long[] {1, 4, 7, 8, 16, 1 << 19, 1 << 20, -1, -8}) {
                    probe(index, set, sorted[i] + delta, what);
                }
            }
        }
        assertThat(cursor.advance()).as(what).isFalse();
        AddressIndex.Cursor later = index.cursor(sorted.length / 2);
        assertThat(later.advance()).isTrue();
        assertThat(later.index()).isEqualTo(sorted.length / 2);
        assertThat(later.address()).isEqualTo(sorted[sorted.length / 2]);
    }

    private static void probe(AddressIndex index, NavigableSet<Long> set, long address, String what) {
        Long floor = set.floor(address);
        int found = index.floor(address);
        Long above = set.higher(address);
        boolean same = (index.indexOf(address) >= 0) == set.contains(address)
                && (floor == null ? found == -1 : found >= 0 && index.addressOf(found) == floor)
                && index.next(address) == (above == null ? address : above);
        if (!same) {
            fail("%s: around %x", what, address);
        }
    }
}

package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same contract for columns on the heap and in files, whole and in tiny pieces. */
final class ColumnsTest {
    @TempDir
    Path folder;

    enum Kind {
        HEAP,
        MAPPED,
        HEAP_CHUNKED,
        MAPPED_CHUNKED,
        /** Some of a test's columns are then arrays and some in files. */
        SPILLING;

        ColumnStore store(Path folder) {
            return switch (this) {
                case HEAP -> ColumnStore.onHeap();
                case MAPPED -> ColumnStore.mapped(folder);
                case HEAP_CHUNKED -> ColumnStore.chunked(null, 64);
                case MAPPED_CHUNKED -> ColumnStore.chunked(folder, 64);
                case SPILLING -> ColumnStore.spilling(folder, 5000);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdWhatWasSet(Kind kind) throws IOException {
        try (ColumnStore store = kind.store(folder)) {
            IntColumn ints = store.ints(1000);
            LongColumn longs = store.longs(1000);
            ByteColumn bytes = store.bytes(1000);
            Random random = new Random(1);
            for (int i = 0; i < 1000; i++) {
                assertThat(ints.get(i)).isZero();
                assertThat(longs.get(i)).isZero();
                assertThat(bytes.get(i)).isZero();
                ints.set(i, random.nextInt());
                longs.set(i, random.nextLong());
                bytes.set(i, (byte) random.nextInt());
            }
            random = new Random(1);
            for (int i = 0; i < 1000; i++) {
                assertThat(ints.get(i)).isEqualTo(random.nextInt());
                assertThat(longs.get(i)).isEqualTo(random.nextLong());
                assertThat(bytes.get(i)).isEqualTo((byte) random.nextInt());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void takeRunsAcrossPieces(Kind kind) throws IOException {
        int[] ints = new Random(2).ints(100).toArray();
        try (ColumnStore store = kind.store(folder)) {
            IntColumn column = store.ints(100);
            LongColumn longs = store.longs(100);
            ByteColumn bytes = store.bytes(100);
            column.put(7, IntBuffer.wrap(ints), 3, 90);
            longs.put(7, LongBuffer.wrap(new Random(2).longs(100).toArray()), 3, 90);
            bytes.put(0, ByteBuffer.wrap(new byte[] {1, 2, 3}), 1, 2);
            for (int i = 0; i < 90; i++) {
                assertThat(column.get(7 + i)).isEqualTo(ints[3 + i]);
            }
            assertThat(column.get(6)).isZero();
            assertThat(column.get(97)).isZero();
            assertThat(longs.get(96))
                    .isEqualTo(new Random(2).longs(100).skip(92).findFirst().orElseThrow());
            assertThat(bytes.get(1)).isEqualTo((byte) 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areZeroAgainWhenTakenFromThePool(Kind kind) throws IOException {
        int size = 300_000;
        try (ColumnStore store = kind.store(folder)) {
            IntColumn first = store.ints(size);
            for (int i = 0; i < size; i++) {
                first.set(i, -1);
            }
            store.release(first);
            IntColumn second = store.ints(size);
            for (int i = 0; i < size; i++) {
                assertThat(second.get(i)).isZero();
            }
            assertThat(store.bytes()).isEqualTo(4L * size);
            assertThat(store.peakBytes()).isEqualTo(4L * size);
        }
    }

    @ParameterizedTest
    @EnumSource
    void spoolsGiveBackWhatWasAddedInOrder(Kind kind) throws IOException {
        try (ColumnStore store = kind.store(folder)) {
            IntSpool ints = new IntSpool(store, 1 << 11);
            LongSpool longs = new LongSpool(store, 1 << 11);
            ByteSpool bytes = new ByteSpool(store, 1 << 11);
            int size = 10_000;
            for (int i = 0; i < size; i++) {
                ints.add(i * 3);
                longs.add(i * 5L);
                bytes.add((byte) i);
            }
            assertThat(ints.size()).isEqualTo(size);
            IntSpool.Reader reader = ints.read(false);
            for (int i = 0; i < size; i++) {
                assertThat(reader.remaining()).isEqualTo(size - i);
                assertThat(reader.next()).isEqualTo(i * 3);
            }
            assertThatThrownBy(reader::next).isInstanceOf(IndexOutOfBoundsException.class);

            IntColumn column = store.ints(size);
            IntSpool.Reader consuming = ints.read(true);
            consuming.skip(1234);
            consuming.copyTo(column, 1, 6000);
            assertThat(column.get(1)).isEqualTo(1234 * 3);
            assertThat(column.get(6000)).isEqualTo(7233 * 3);
            assertThat(consuming.next()).isEqualTo(7234 * 3);
            consuming.finish();

            LongSpool.Reader longReader = longs.read(true);
            longReader.skip(size - 1);
            assertThat(longReader.next()).isEqualTo((size - 1) * 5L);
            longReader.finish();
            ByteSpool.Reader byteReader = bytes.read(true);
            byteReader.skip(5000);
            assertThat(byteReader.next()).isEqualTo((byte) 5000);
            byteReader.finish();
            store.release(column);
            assertThat(store.bytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unsignedColumnsHoldFourBytesOrEight(Kind kind) throws IOException {
        try (ColumnStore store = kind.store(folder)) {
            UnsignedColumn narrow = UnsignedColumn.of(store, 10, 0xffff_ffffL);
            narrow.set(3, 0xffff_fff0L);
            narrow.add(3, 15);
            assertThat(narrow.get(3)).isEqualTo(0xffff_ffffL);
            assertThat(store.bytes()).isEqualTo(40);
            UnsignedColumn wide = UnsignedColumn.of(store, 10, 0x1_0000_0000L);
            wide.set(3, 0x1_0000_0000L);
            wide.add(3, 1);
            assertThat(wide.get(3)).isEqualTo(0x1_0000_0001L);
            assertThat(store.bytes()).isEqualTo(120);
            store.release(wide);
            assertThat(store.bytes()).isEqualTo(40);
        }
    }

    @Test
    void leaveNoFileBehind() throws IOException {
        try (ColumnStore store = ColumnStore.mapped(folder)) {
            store.ints(10_000_000);
            store.ints(10);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void spillIntoFilesOnlyWhatIsAboveTheLimit() throws IOException {
        try (ColumnStore store = ColumnStore.spilling(folder, 5000)) {
            assertThat(store.ints(1000).array()).isNotNull();
            assertThat(store.ints(1000).array()).isNull();
        }
    }

    @Test
    void aMissingScratchFolderIsACapacityProblemWithTheFigures() {
        ColumnStore store = ColumnStore.mapped(folder.resolve("absent"));
        assertThatThrownBy(() -> store.ints(10_000_000))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("40000000")
                .hasMessageContaining("absent");
    }
}

package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressDumpsTest {
    @TempDir
    Path folder;

    private RecordWalker walk(StressDumps.Written written, int classes) throws IOException {
        RecordWalker walker = new RecordWalker(Files.readAllBytes(written.file()));
        int objects = walker.subRecords.getOrDefault(HprofTag.INSTANCE_DUMP, 0)
                + walker.subRecords.getOrDefault(HprofTag.OBJECT_ARRAY_DUMP, 0);
        assertThat((long) objects).isEqualTo(written.objects());
        assertThat(walker.subRecords).containsEntry(HprofTag.CLASS_DUMP, classes);
        assertThat(walker.records).containsEntry(HprofTag.HEAP_DUMP_END, 1);
        return walker;
    }

    @Test
    void starHasOneArrayWithASegmentOfItsOwn() throws IOException {
        StressDumps.Written star = StressDumps.star(folder.resolve("star.hprof"), 200_000, 1000);
        RecordWalker walker = walk(star, 3);
        assertThat(star.objects()).isEqualTo(1001);
        assertThat(star.shallowBytes()).isEqualTo(16 + 800_000 + 16_000);
        assertThat(walker.largestSegment).isEqualTo(1 + 24 + 8 * 200_000L);
    }

    @Test
    void listsHoldTheirNodes() throws IOException {
        StressDumps.Written list = StressDumps.list(folder.resolve("list.hprof"), 100_000);
        assertThat(walk(list, 3).largestSegment).isBetween(1_000_000L, (long) HprofWriter.HOTSPOT_SEGMENT);
        assertThat(list.shallowBytes()).isEqualTo(1_600_000);
        StressDumps.Written doubly = StressDumps.doublyLinkedList(folder.resolve("doubly.hprof"), 1000);
        walk(doubly, 3);
        assertThat(doubly.shallowBytes()).isEqualTo(24_000);
        walk(StressDumps.sparseIds(folder.resolve("sparse.hprof"), 1000), 3);
    }

    @Test
    void chainHasThreeObjectsAnElement() throws IOException {
        StressDumps.Written chain = StressDumps.periodicChain(folder.resolve("chain.hprof"), 1000);
        walk(chain, 5);
        assertThat(chain.objects()).isEqualTo(3000);
        assertThat(chain.shallowBytes()).isEqualTo(64_000);
    }

    @Test
    void longNamesAreAsLongAsAskedFor() throws IOException {
        StressDumps.Written named = StressDumps.longClassName(folder.resolve("name.hprof"), 10_000);
        walk(named, 3);
        assertThat(named.headClass()).hasSize(10_000);
    }
}

package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.elf.ElfFile.Machine;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The expected numbers were measured in memory of programs of each release, not taken from the table's producer. */
class LayoutTableTest {
    private static LayoutTable table(String version, Machine machine) {
        return LayoutTable.of(Objects.requireNonNull(GoVersion.parse(version)), machine);
    }

    private static int[] perRelease(String struct, String field) {
        return IntStream.rangeClosed(18, 27)
                .map(minor -> table("go1." + minor + ".14", Machine.AMD64)
                        .struct(struct)
                        .orElseThrow()
                        .offset(field))
                .toArray();
    }

    private static long[] sizes(String struct) {
        return IntStream.rangeClosed(18, 27)
                .mapToLong(minor -> table("go1." + minor + ".14", Machine.AMD64)
                        .struct(struct)
                        .orElseThrow()
                        .size())
                .toArray();
    }

    @Test
    void goroutinesLieAsMeasuredInEveryRelease() {
        assertThat(sizes("runtime.g")).containsExactly(392, 392, 392, 408, 424, 432, 440, 440, 456, 456);
        assertThat(perRelease("runtime.g", "sched.g")).containsOnly(72);
        assertThat(perRelease("runtime.g", "goid")).containsExactly(152, 152, 152, 152, 152, 160, 160, 152, 152, 152);
        assertThat(perRelease("runtime.g", "atomicstatus"))
                .containsExactly(144, 144, 144, 144, 144, 152, 152, 144, 144, 144);
        assertThat(perRelease("runtime.g", "gopc")).containsExactly(296, 296, 296, 280, 280, 288, 288, 280, 288, 288);
        assertThat(perRelease("runtime.g", "labels")).containsExactly(360, 360, 360, 344, 344, 352, 352, 344, 352, 352);
        assertThat(perRelease("runtime.m", "procid")).containsExactly(72, 72, 72, 72, 72, 72, 72, 64, 64, 64);
        assertThat(perRelease("runtime.m", "alllink"))
                .containsExactly(336, 336, 336, 336, 328, 352, 352, 344, 352, 352);
    }

    @Test
    void spansAndChannelsLieAsMeasuredInEveryRelease() {
        assertThat(sizes("runtime.mspan")).containsExactly(144, 144, 160, 168, 160, 160, 160, 160, 160, 160);
        assertThat(sizes("runtime.hchan")).containsExactly(96, 96, 96, 96, 96, 104, 104, 112, 112, 112);
        assertThat(sizes("runtime.sudog")).containsExactly(88, 88, 88, 88, 88, 88, 88, 88, 104, 104);
    }

    @Test
    void aPatchThatCarriedSomethingBackHasItsOwnLayout() {
        assertThat(table("go1.18.5", Machine.AMD64)
                        .struct("runtime.mspan")
                        .orElseThrow()
                        .has("freeIndexForScan"))
                .isFalse();
        assertThat(table("go1.18.10", Machine.AMD64)
                        .struct("runtime.mspan")
                        .orElseThrow()
                        .has("freeIndexForScan"))
                .isTrue();
        assertThat(table("go1.19.2", Machine.AMD64)
                        .struct("runtime.mspan")
                        .orElseThrow()
                        .has("freeIndexForScan"))
                .isFalse();
        assertThat(table("go1.19.13", Machine.AMD64)
                        .struct("runtime.mspan")
                        .orElseThrow()
                        .has("freeIndexForScan"))
                .isTrue();
    }

    @Test
    void cacheLinesMakeArmsStructuresLonger() {
        assertThat(table("go1.26.11", Machine.AMD64)
                        .struct("runtime.mheap")
                        .orElseThrow()
                        .size())
                .isEqualTo(93464);
        assertThat(table("go1.26.11", Machine.ARM64)
                        .struct("runtime.mheap")
                        .orElseThrow()
                        .size())
                .isEqualTo(102296);
    }

    @Test
    void experimentsReplaceWhatTheirReleaseHas() {
        assertThat(table("go1.24.13", Machine.AMD64).struct("runtime.hmap")).isEmpty();
        LayoutTable classic = table("go1.24.13 X:noswissmap", Machine.AMD64);
        assertThat(classic.struct("runtime.hmap").orElseThrow().offset("buckets"))
                .isEqualTo(16);
        assertThat(classic.struct("internal/runtime/maps.Map")).isEmpty();
        assertThat(table("go1.26.11", Machine.AMD64)
                        .struct("runtime.spanInlineMarkBits")
                        .orElseThrow()
                        .size())
                .isEqualTo(128);
        assertThat(table("go1.26.11-X:nogreenteagc", Machine.AMD64)
                        .struct("runtime.spanInlineMarkBits")
                        .orElseThrow()
                        .size())
                .isZero();
    }

    @Test
    void pathsLeadThroughNestedStructuresStringsAndSlices() {
        StructLayout heap =
                table("go1.26.11", Machine.AMD64).struct("runtime.mheap").orElseThrow();
        assertThat(heap.offset("allspans.len")).isEqualTo(heap.offset("allspans") + 8);
        assertThat(heap.width("allspans")).isEqualTo(24);
        assertThat(heap.offset("curArena.end")).isEqualTo(heap.offset("curArena.base") + 8);
        StructLayout span =
                table("go1.26.11", Machine.AMD64).struct("runtime.mspan").orElseThrow();
        assertThat(span.width("state")).isEqualTo(1);
    }

    @Test
    void aNewerReleaseUsesTheNewestKnownOneAndSaysSo() {
        LayoutTable future = table("go1.29.3", Machine.AMD64);
        assertThat(future.newer()).isTrue();
        assertThat(future.struct("runtime.g").orElseThrow().size()).isEqualTo(456);
        assertThat(table("go1.27.44", Machine.AMD64).newer()).isFalse();
    }

    @Test
    void anExperimentThatWasNotTriedIsNamed() {
        assertThat(table("go1.26.11-X:nogreenteagc,frobnicate", Machine.AMD64).unknownExperiments())
                .containsExactly("frobnicate");
    }

    @Test
    void constantsFollowTheRelease() {
        assertThat(table("go1.20.14", Machine.AMD64).constant("runtime._KindSpecialProfile"))
                .hasValue(2);
        assertThat(table("go1.23.12", Machine.AMD64).constant("runtime._KindSpecialProfile"))
                .hasValue(3);
        assertThat(table("go1.26.11", Machine.AMD64).constant("runtime._KindSpecialProfile"))
                .hasValue(4);
        assertThat(table("go1.26.11", Machine.AMD64).constant("runtime.frobnicate"))
                .isEmpty();
    }
}

package dev.holdfast.testkit;

import static dev.holdfast.testkit.HprofType.BOOLEAN;
import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.LONG;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the sizes measured on real JVMs (hprof.md 2.2). */
class FakeLayoutTest {
    private static final List<FakeLayout> LAYOUTS = List.of(
            FakeLayout.JDK17,
            FakeLayout.JDK17_UNCOMPRESSED,
            FakeLayout.JDK17_ALIGN16,
            FakeLayout.JDK25,
            FakeLayout.JDK25_COMPACT);

    private static List<Integer> sizes(List<List<HprofType>> levels) {
        return LAYOUTS.stream().map(layout -> layout.instanceSize(levels)).toList();
    }

    private static List<Long> arrays(HprofType type, int length) {
        return LAYOUTS.stream().map(layout -> layout.arraySize(type, length)).toList();
    }

    @Test
    void instancesAreAsLargeAsMeasured() {
        assertThat(sizes(List.of())).containsExactly(16, 16, 16, 16, 8);
        assertThat(sizes(List.of(List.of(INT)))).containsExactly(16, 16, 16, 16, 16);
        assertThat(sizes(List.of(List.of(LONG)))).containsExactly(24, 24, 32, 24, 16);
        assertThat(sizes(List.of(List.of(INT, OBJECT)))).containsExactly(24, 24, 32, 24, 16);
        List<HprofType> a = List.of(BYTE);
        List<HprofType> b = List.of(LONG, BYTE);
        List<HprofType> c = List.of(OBJECT, INT, BOOLEAN);
        assertThat(sizes(List.of(List.of(), a))).containsExactly(16, 16, 16, 16, 16);
        assertThat(sizes(List.of(List.of(), a, b))).containsExactly(24, 24, 32, 24, 24);
        assertThat(sizes(List.of(List.of(), a, b, c))).containsExactly(32, 40, 32, 32, 32);
        assertThat(sizes(List.of(List.of(OBJECT, INT, BYTE, BOOLEAN)))).containsExactly(24, 32, 32, 24, 24);
    }

    @Test
    void arraysAreAsLargeAsMeasured() {
        assertThat(arrays(BYTE, 0)).containsExactly(16L, 16L, 16L, 16L, 16L);
        assertThat(arrays(BYTE, 1)).containsExactly(24L, 24L, 32L, 24L, 16L);
        assertThat(arrays(BYTE, 8)).containsExactly(24L, 24L, 32L, 24L, 24L);
        assertThat(arrays(BYTE, 9)).containsExactly(32L, 32L, 32L, 32L, 24L);
        assertThat(arrays(INT, 1)).containsExactly(24L, 24L, 32L, 24L, 16L);
        assertThat(arrays(LONG, 1)).containsExactly(24L, 24L, 32L, 24L, 24L);
        assertThat(arrays(OBJECT, 2)).containsExactly(24L, 32L, 32L, 24L, 24L);
        assertThat(FakeLayout.JDK17.arraySize(BYTE, 3_000_000_000L)).isEqualTo(3_000_000_016L);
    }

    /** The last two are where releases differ: a class's own stretch begins behind all of its superclass's. */
    @Test
    void untilJdk14EachClassHasAStretchOfItsOwn() {
        List<HprofType> map = List.of(OBJECT, OBJECT);
        List<HprofType> hashMap = List.of(OBJECT, OBJECT, INT, INT, INT, HprofType.FLOAT);
        FakeLayout jdk8 = FakeLayout.JDK8;
        assertThat(jdk8.instanceSize(List.of())).isEqualTo(16);
        assertThat(jdk8.instanceSize(List.of(List.of(OBJECT, INT)))).isEqualTo(24);
        assertThat(jdk8.instanceSize(List.of(List.of(LONG)))).isEqualTo(24);
        assertThat(jdk8.instanceSize(List.of(List.of(), map, hashMap))).isEqualTo(48);
        assertThat(jdk8.instanceSize(List.of(List.of(), map, hashMap, List.of(OBJECT, OBJECT, BOOLEAN))))
                .isEqualTo(56);
        assertThat(FakeLayout.JDK8_UNCOMPRESSED.instanceSize(List.of(List.of(OBJECT, INT))))
                .isEqualTo(32);
        assertThat(jdk8.instanceSize(List.of(List.of(BYTE), List.of(LONG, BYTE))))
                .isEqualTo(32);
        assertThat(jdk8.instanceSize(List.of(List.of(BYTE), List.of(BYTE), List.of(BYTE))))
                .isEqualTo(24);
    }
}

package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sizes measured on JDK 17 and 25 (hprof.md 2.2), every cell. */
class ObjectLayoutTest {
    private static final int REFERENCE = 2;
    private static final int BOOLEAN = 4;
    private static final int BYTE = 8;
    private static final int INT = 10;
    private static final int LONG = 11;

    private static final ObjectLayout DEFAULT_17 = jdk15(12, 4, 8, ArrayBase.WORD);

    /** In the table's order: 17 default, -UCO, -UCO -UCCP, align 16, ZGC, 25 default, 25 compact, 25 compact -UCO. */
    private static final List<ObjectLayout> MODES = List.of(
            DEFAULT_17,
            jdk15(12, 8, 8, ArrayBase.WORD),
            jdk15(16, 8, 8, ArrayBase.WORD),
            jdk15(12, 4, 16, ArrayBase.WORD),
            jdk15(12, 8, 8, ArrayBase.WORD),
            jdk15(12, 4, 8, ArrayBase.ELEMENT),
            jdk15(8, 4, 8, ArrayBase.ELEMENT),
            jdk15(8, 8, 8, ArrayBase.ELEMENT));

    private static ObjectLayout jdk15(int header, int reference, int alignment, ArrayBase base) {
        return new ObjectLayout(header, reference, alignment, FieldRule.FILL_HOLES, base);
    }

    @Test
    void anObjectWithoutFieldsIsItsHeader() {
        assertThat(instances()).containsExactly(16L, 16L, 16L, 16L, 16L, 16L, 8L, 8L);
    }

    @Test
    void oneIntFillsTheHeaderSlack() {
        assertThat(instances(INT)).containsExactly(16L, 16L, 24L, 16L, 16L, 16L, 16L, 16L);
    }

    @Test
    void oneLongIsAlignedToItsWidth() {
        assertThat(instances(LONG)).containsExactly(24L, 24L, 24L, 32L, 24L, 24L, 16L, 16L);
    }

    @Test
    void anIntAndAReference() {
        assertThat(instances(INT, REFERENCE)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 16L, 24L);
    }

    @Test
    void subclassesFillTheHolesOfSuperclasses() {
        List<ClassShape> shapes = List.of(
                shape("java/lang/Object", -1),
                shape("A", 0, BYTE),
                shape("B", 1, LONG, BYTE),
                shape("C", 2, REFERENCE, INT, BOOLEAN));
        List<Long> a = new ArrayList<>();
        List<Long> b = new ArrayList<>();
        List<Long> c = new ArrayList<>();
        for (ObjectLayout mode : MODES) {
            long[] sizes = InstanceSizes.of(shapes, mode);
            a.add(sizes[1]);
            b.add(sizes[2]);
            c.add(sizes[3]);
        }
        assertThat(a).containsExactly(16L, 16L, 24L, 16L, 16L, 16L, 16L, 16L);
        assertThat(b).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 24L, 24L);
        assertThat(c).containsExactly(32L, 40L, 40L, 32L, 40L, 32L, 32L, 32L);
    }

    @Test
    void stringsAreAsLargeAsTheVmMakesThem() {
        // value, hash, coder, hashIsZero
        assertThat(instances(REFERENCE, INT, BYTE, BOOLEAN)).containsExactly(24L, 32L, 32L, 32L, 32L, 24L, 24L, 24L);
    }

    @Test
    void byteArrays() {
        assertThat(arrays(BYTE, 0)).containsExactly(16L, 16L, 24L, 16L, 16L, 16L, 16L, 16L);
        assertThat(arrays(BYTE, 1)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 16L, 16L);
        assertThat(arrays(BYTE, 8)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 24L, 24L);
        assertThat(arrays(BYTE, 9)).containsExactly(32L, 32L, 40L, 32L, 32L, 32L, 24L, 24L);
    }

    @Test
    void intAndLongArrays() {
        assertThat(arrays(INT, 1)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 16L, 16L);
        assertThat(arrays(INT, 2)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 24L, 24L);
        assertThat(arrays(LONG, 0)).containsExactly(16L, 16L, 24L, 16L, 16L, 16L, 16L, 16L);
        assertThat(arrays(LONG, 1)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 24L, 24L);
    }

    @Test
    void arraysOfReferences() {
        assertThat(arrays(REFERENCE, 1)).containsExactly(24L, 24L, 32L, 32L, 24L, 24L, 16L, 24L);
        assertThat(arrays(REFERENCE, 2)).containsExactly(24L, 32L, 40L, 32L, 32L, 24L, 24L, 32L);
    }

    @Test
    void aSixteenByteHeaderOnJdk25StartsElementsAtTwenty() {
        ObjectLayout layout = jdk15(16, 8, 8, ArrayBase.ELEMENT);

        assertThat(layout.primitiveArray(BYTE, 0)).isEqualTo(24);
        assertThat(layout.primitiveArray(BYTE, 4)).isEqualTo(24);
        assertThat(layout.primitiveArray(BYTE, 5)).isEqualTo(32);
        assertThat(layout.primitiveArray(BYTE, 12)).isEqualTo(32);
        assertThat(layout.primitiveArray(INT, 1)).isEqualTo(24);
        assertThat(layout.primitiveArray(INT, 2)).isEqualTo(32);
        assertThat(layout.primitiveArray(LONG, 0)).isEqualTo(24);
        assertThat(layout.primitiveArray(LONG, 1)).isEqualTo(32);
        assertThat(layout.objectArray(1)).isEqualTo(32);
    }

    @Test
    void thirtyTwoBitArraysStartAtTwelveAndAlignOnlyLongs() {
        ObjectLayout layout = new ObjectLayout(8, 4, 8, FieldRule.BY_LEVEL, ArrayBase.ELEMENT);

        assertThat(layout.objectArrayBase()).isEqualTo(12);
        assertThat(layout.primitiveArrayBase(BYTE)).isEqualTo(12);
        assertThat(layout.primitiveArrayBase(LONG)).isEqualTo(16);
    }

    @Test
    void anArrayOfTheLargestLengthOverflowsNothing() {
        assertThat(DEFAULT_17.primitiveArray(LONG, 0xffff_ffffL)).isEqualTo(16 + 8 * 0xffff_ffffL);
    }

    private static List<Long> instances(int... fields) {
        List<Long> sizes = new ArrayList<>();
        for (ObjectLayout mode : MODES) {
            sizes.add(InstanceSizes.of(List.of(shape("java/lang/Object", -1), shape("X", 0, fields)), mode)[1]);
        }
        return sizes;
    }

    private static List<Long> arrays(int type, long length) {
        List<Long> sizes = new ArrayList<>();
        for (ObjectLayout mode : MODES) {
            sizes.add(type == REFERENCE ? mode.objectArray(length) : mode.primitiveArray(type, length));
        }
        return sizes;
    }

    static ClassShape shape(String name, int superclass, int... fields) {
        byte[] types = new byte[fields.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = (byte) fields[i];
        }
        return new ClassShape(name, superclass, FieldWidths.of(types), FieldWidths.NONE, 0, 0, 0);
    }
}

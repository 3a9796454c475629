package dev.holdfast.dump.hprof;

import static dev.holdfast.dump.hprof.ObjectLayoutTest.shape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes that the fields alone do not give: other rules than JDK 15's, and what the VM adds. */
class InstanceSizesTest {
    private static final int REFERENCE = 2;
    private static final int BOOLEAN = 4;
    private static final int CHAR = 5;
    private static final int BYTE = 8;
    private static final int SHORT = 9;
    private static final int INT = 10;
    private static final int LONG = 11;

    private static final ObjectLayout JDK_8 = new ObjectLayout(12, 4, 8, FieldRule.BY_LEVEL, ArrayBase.WORD);
    private static final ObjectLayout JDK_8_WIDE = new ObjectLayout(16, 8, 8, FieldRule.BY_LEVEL, ArrayBase.WORD);
    private static final ObjectLayout JDK_17 = new ObjectLayout(12, 4, 8, FieldRule.FILL_HOLES, ArrayBase.WORD);
    private static final ObjectLayout JDK_17_WIDE = new ObjectLayout(12, 8, 8, FieldRule.FILL_HOLES, ArrayBase.WORD);

    @Test
    void upToJdk14TheSlackOfTheHeaderTakesWhatFitsInOrderOfWidth() {
        assertThat(size(JDK_8, LONG)).isEqualTo(24);
        assertThat(size(JDK_8, LONG, INT)).isEqualTo(24);
        assertThat(size(JDK_8, LONG, SHORT, CHAR)).isEqualTo(24);
        assertThat(size(JDK_8, LONG, SHORT, BYTE, BYTE)).isEqualTo(24);
        assertThat(size(JDK_8, LONG, REFERENCE)).isEqualTo(24);
        assertThat(size(JDK_8, LONG, BYTE, REFERENCE)).isEqualTo(32);
        assertThat(size(JDK_8, LONG, INT, INT)).isEqualTo(32);
    }

    @Test
    void upToJdk14NoHoleOfASuperclassIsFilled() {
        List<ClassShape> shapes = List.of(
                shape("java/lang/Object", -1),
                shape("A", 0, BYTE),
                shape("B", 1, LONG, BYTE),
                shape("C", 2, REFERENCE, INT, BOOLEAN));

        assertThat(InstanceSizes.of(shapes, JDK_8)).containsExactly(16, 16, 32, 40);
        assertThat(InstanceSizes.of(shapes, JDK_8_WIDE)).containsExactly(16, 24, 40, 56);
    }

    @Test
    void upToJdk14SomeClassesHaveTheirReferencesFirst() {
        assertThat(InstanceSizes.of(
                        List.of(
                                shape("java/lang/Object", -1),
                                shape("java/lang/ref/Reference", 0, REFERENCE, REFERENCE, REFERENCE, REFERENCE),
                                shape("java/lang/ref/SoftReference", 1, LONG),
                                shape("java.lang.String", 0, REFERENCE, INT)),
                        JDK_8))
                .containsExactly(16, 32, 40, 24);
    }

    @Test
    void threadsOfJdk17KeepTheirRandomStateApart() {
        List<ClassShape> shapes = threads();
        VmFields apart = VmFields.padded(new FieldWidths(0, 1, 2, 0, 0));

        assertThat(InstanceSizes.of(shapes, JDK_17)).startsWith(16, 112, 112, 112);
        assertThat(InstanceSizes.of(shapes, JDK_17, null, apart)).startsWith(16, 368, 376, 368);
        assertThat(InstanceSizes.of(shapes, JDK_17_WIDE)).startsWith(16, 152, 152, 152);
        assertThat(InstanceSizes.of(shapes, JDK_17_WIDE, null, apart)).startsWith(16, 408, 416, 408);
    }

    @Test
    void everyClassBelowAPaddedOneIsPaddedFromItsSuperclass() {
        VmFields apart = VmFields.padded(new FieldWidths(0, 1, 2, 0, 0));

        // One int behind 369 bytes and another padding of 128.
        assertThat(InstanceSizes.of(threads(), JDK_17, null, apart)[4]).isEqualTo(504);
    }

    @Test
    void aPaddedClassHasPaddingOnBothSidesAndAroundEachGroup() {
        VmFields all = new VmFields(FieldWidths.NONE, FieldWidths.NONE, true);
        VmFields group = new VmFields(FieldWidths.NONE, new FieldWidths(0, 1, 1, 0, 0), true);
        List<ClassShape> cell = List.of(shape("java/lang/Object", -1), shape("Cell", 0, LONG));

        assertThat(InstanceSizes.of(cell, JDK_17, null, all)[1]).isEqualTo(280);
        // SubmissionPublisher.BufferedSubscription, measured on 17 and 25.
        List<ClassShape> subscription = List.of(
                shape("java/lang/Object", -1),
                new ClassShape("S", 0, new FieldWidths(8, 2, 5, 0, 0), FieldWidths.NONE, 0, 0, 0));
        assertThat(InstanceSizes.of(subscription, JDK_17, null, group)[1]).isEqualTo(472);
        assertThat(InstanceSizes.of(subscription, JDK_17_WIDE, null, group)[1]).isEqualTo(504);
    }

    @Test
    void declaredSizesAreTakenAsTheyAre() {
        ObjectLayout art = new ObjectLayout(8, 4, 8, FieldRule.DECLARED, ArrayBase.ELEMENT);
        List<ClassShape> shapes =
                List.of(new ClassShape("java.lang.Object", -1, FieldWidths.NONE, FieldWidths.NONE, 0, 8, 0));

        assertThat(InstanceSizes.of(shapes, art)).containsExactly(8);
    }

    @Test
    void aClassThatIsItsOwnAncestorEndsNowhere() {
        List<ClassShape> shapes = List.of(shape("A", 1, INT), shape("B", 2, LONG), shape("C", 0, BYTE), shape("D", 3));

        assertThat(InstanceSizes.of(shapes, JDK_17)).hasSize(4).doesNotContain(0);
        assertThat(InstanceSizes.of(shapes, JDK_8)).hasSize(4).doesNotContain(0);
    }

    @Test
    void aChainOfAHundredThousandClassesOverflowsNeitherStackNorSize() {
        List<ClassShape> shapes = new ArrayList<>();
        FieldWidths many = new FieldWidths(65535, 0, 0, 0, 1);
        for (int i = 0; i < 100_000; i++) {
            shapes.add(new ClassShape("C" + i, i + 1, many, FieldWidths.NONE, 0, 0, 0));
        }
        shapes.add(shape("java/lang/Object", -1));

        assertThat(InstanceSizes.of(shapes, JDK_17_WIDE)[0]).isBetween(52_428_000_000L, 52_430_000_000L);
    }

    private static List<ClassShape> threads() {
        return List.of(
                shape("java/lang/Object", -1),
                new ClassShape("java/lang/Thread", 0, new FieldWidths(11, 4, 4, 0, 3), FieldWidths.NONE, 0, 0, 0),
                shape("java/lang/ref/Finalizer$FinalizerThread", 1, BOOLEAN),
                shape("java/lang/ref/Reference$ReferenceHandler", 1),
                shape("Deeper", 2, INT));
    }

    private static long size(ObjectLayout layout, int... fields) {
        return InstanceSizes.of(List.of(shape("java/lang/Object", -1), shape("X", 0, fields)), layout)[1];
    }
}

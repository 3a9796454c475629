package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Field layouts: holes, holes that subclasses fill, alignment by 8 at each level, hidden fields, inner classes. Only their sizes matter. */
@SuppressWarnings({"unused", "ClassCanBeStatic", "HidingField"})
final class LayoutClasses {
    private LayoutClasses() {}

    static final class Node {
        @Nullable
        Node next;

        @Nullable
        Node previous;

        int value;
    }

    static class Empty {}

    static class OneByte {
        byte b;
    }

    static class OneShort {
        short s;
    }

    static class OneInt {
        int i;
    }

    static class OneLong {
        long l;
    }

    static class OneDouble {
        double d;
    }

    static class OneReference {
        @Nullable
        Object r;
    }

    static class IntReference {
        int i;

        @Nullable
        Object r;
    }

    static class LongByte extends OneByte {
        long l;
        byte b2;
    }

    static class ReferenceIntBoolean extends LongByte {
        @Nullable
        Object r;

        int i;
        boolean z;
    }

    static class ByteThree extends OneByte {
        byte b1;
        byte b2;
        byte b3;
    }

    static class ByteThreeInt extends ByteThree {
        int i;
    }

    static class ReferenceOverByte extends OneByte {
        @Nullable
        Object r;
    }

    static class LongOverReference extends OneReference {
        long l;
    }

    static class IntOverLongOverReference extends LongOverReference {
        int i;
    }

    static class LongOverInt extends OneInt {
        long l;
    }

    static class ShortOverLongOverInt extends LongOverInt {
        short s;
        char c;
    }

    static class HidingByte extends OneByte {
        byte b;
    }

    static class EveryType {
        boolean z;
        char c;
        float f;
        double d;
        byte b;
        short s;
        int i;
        long l;

        @Nullable
        Object r;
    }

    static class EveryTypeTwice extends EveryType {
        boolean z2;
        char c2;
        float f2;
        double d2;
        byte b2;
        short s2;
        int i2;
        long l2;

        @Nullable
        Object r2;
    }

    static class ManyReferences extends EveryTypeTwice {
        @Nullable
        Object r3;

        @Nullable
        Object r4;

        @Nullable
        Object r5;

        byte b5;
    }

    static class EmptyOverMany extends ManyReferences {}

    static class NineBytes {
        byte b0;
        byte b1;
        byte b2;
        byte b3;
        byte b4;
        byte b5;
        byte b6;
        byte b7;
        byte b8;
    }

    static class LongOverNineBytes extends NineBytes {
        long l;

        @Nullable
        Object r;
    }

    class Inner {
        int i;
    }

    record Point(int x, int y) {}

    record Mixed(byte b, long l, Object r, short s) {}

    /** {@code count} instances of each, so that spacing can tell their size. */
    static Object instances(int count) {
        List<Supplier<Object>> makers = List.of(
                Node::new,
                Empty::new,
                OneByte::new,
                OneShort::new,
                OneInt::new,
                OneLong::new,
                OneDouble::new,
                OneReference::new,
                IntReference::new,
                LongByte::new,
                ReferenceIntBoolean::new,
                ByteThree::new,
                ByteThreeInt::new,
                ReferenceOverByte::new,
                LongOverReference::new,
                IntOverLongOverReference::new,
                LongOverInt::new,
                ShortOverLongOverInt::new,
                HidingByte::new,
                EveryType::new,
                EveryTypeTwice::new,
                ManyReferences::new,
                EmptyOverMany::new,
                NineBytes::new,
                LongOverNineBytes::new,
                () -> new LayoutClasses().new Inner(),
                () -> new Point(1, 2),
                () -> new Mixed((byte) 1, 2, "r", (short) 3));
        List<Object> kept = new ArrayList<>();
        for (Supplier<Object> maker : makers) {
            for (int i = 0; i < count; i++) {
                kept.add(maker.get());
            }
        }
        return kept;
    }
}

package dev.holdfast.testkit;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Equal strings in a {@link WastefulHeap}, with arrays of their own, arrays that several share, and, where the release has
 * that, parts of arrays.
 */
final class WastefulStrings {
    private static final int MOST_EQUAL = 6;

    private final WastefulHeap heap;
    private final Random random;
    private final boolean compact;
    private final boolean parts;
    private int groups;

    WastefulStrings(WastefulHeap heap) {
        this.heap = heap;
        this.random = heap.random;
        this.parts = heap.library.release() == JavaLibrary.Release.JDK6;
        this.compact = heap.library.release().compareTo(JavaLibrary.Release.JDK8) > 0;
    }

    /** Steps that make some equal strings, one each. */
    List<Runnable> group() {
        Group group = new Group(text(), compact && random.nextInt(3) == 0);
        List<Runnable> steps = new ArrayList<>();
        for (int i = 1 + random.nextInt(MOST_EQUAL); i > 0; i--) {
            steps.add(group::plant);
        }
        steps.add(() -> decoys(group));
        return steps;
    }

    /** The first is empty; the others have no equals among them. */
    private String text() {
        int number = groups++;
        return number == 0 ? "" : number + "-".repeat(random.nextInt(40)) + "\u00e4";
    }

    /** An array with the same contents that is no string's, and a string whose bytes are the same but mean another text. */
    private void decoys(Group group) {
        heap.hold(group.array(group.text));
        if (group.wide) {
            FakeInstance other = heap.builder.instance(heap.library.get("java.lang.String"));
            heap.hold(other.set("value", group.array(group.text)));
        }
    }

    private final class Group {
        private final String text;
        private final boolean wide;
        private final List<FakeArray> arrays = new ArrayList<>();
        private boolean first = true;
        private boolean firstLonger = true;

        Group(String text, boolean wide) {
            this.text = text;
            this.wide = wide;
        }

        /** Characters as the release has them: of two bytes each, in its own order where they are in a {@code byte[]}. */
        FakeArray array(String characters) {
            HprofType type = compact ? HprofType.BYTE : HprofType.CHAR;
            Charset wideCharset = compact ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
            Charset charset = compact && !wide ? StandardCharsets.ISO_8859_1 : wideCharset;
            return heap.builder.primitives(type, characters.getBytes(charset));
        }

        void plant() {
            FakeInstance string = null;
            if (random.nextBoolean()) {
                string = string();
            }
            boolean own = false;
            boolean whole = true;
            FakeArray array;
            if (!heap.garbage() && !arrays.isEmpty() && random.nextInt(3) == 0) {
                array = arrays.get(random.nextInt(arrays.size()));
            } else if (parts && random.nextInt(3) == 0) {
                whole = false;
                array = array("..." + text + "...");
                if (random.nextBoolean()) {
                    // What it is a part of may be another string's.
                    FakeInstance longer = string();
                    longer.set("value", array).set("count", text.length() + 6);
                    longerIs(longer, array);
                }
            } else {
                own = true;
                array = array(text);
            }
            if (string == null) {
                string = string();
            }
            string.set("value", array);
            if (parts) {
                string.set("offset", whole ? 0 : 3).set("count", text.length());
            }
            heap.hold(string);
            if (heap.garbage()) {
                return;
            }
            if (own) {
                arrays.add(array);
            }
            if (!first) {
                heap.waste(string, "DUPLICATE_STRING", "java.lang.String", string.shallowSize());
                if (own) {
                    heap.waste(array, "DUPLICATE_TEXT", compact ? "byte[]" : "char[]", array.shallowSize());
                }
            }
            first = false;
        }

        private void longerIs(FakeInstance longer, FakeArray array) {
            heap.hold(longer);
            if (!heap.garbage()) {
                if (!firstLonger) {
                    heap.waste(longer, "DUPLICATE_STRING", "java.lang.String", longer.shallowSize());
                    heap.waste(array, "DUPLICATE_TEXT", "char[]", array.shallowSize());
                }
                firstLonger = false;
            }
        }

        private FakeInstance string() {
            FakeInstance string = heap.builder.instance(heap.library.get("java.lang.String"));
            return wide ? string.set("coder", 1) : string;
        }
    }
}

package dev.holdfast.dump.hprof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instance sizes of all classes of a dump under one layout, superclasses first.
 *
 * <p>Not thread-safe. About 40 bytes a class, and 16 for every hole that a subclass could fill.
 */
final class InstanceSizes {
    private static final long[] NO_HOLES = {};

    private static final byte PENDING = 0;
    private static final byte STARTED = 1;
    private static final byte DONE = 2;

    private final List<ClassShape> shapes;
    private final ObjectLayout layout;
    private final @Nullable VmFields[] additions;
    private final byte[] state;
    /** Offset behind the last field, not aligned: where a subclass goes on. */
    private final long[] ends;

    private final long[] sizes;
    private final boolean[] padded;
    /** Pairs (offset, bytes) in ascending order. */
    private final long[][] holes;

    private InstanceSizes(List<ClassShape> shapes, ObjectLayout layout, @Nullable VmFields[] additions) {
        this.shapes = shapes;
        this.layout = layout;
        this.additions = additions;
        int n = shapes.size();
        state = new byte[n];
        ends = new long[n];
        sizes = new long[n];
        padded = new boolean[n];
        holes = new long[n][];
    }

    /**
     * Computes the size of an instance of every class.
     *
     * @param additions per class what the VM adds, null for nothing; may be shorter than the list
     */
    static long[] of(List<ClassShape> shapes, ObjectLayout layout, @Nullable VmFields... additions) {
        InstanceSizes all = new InstanceSizes(shapes, layout, additions);
        int[] chain = new int[16];
        for (int i = 0; i < shapes.size(); i++) {
            int depth = 0;
            // A forged dump may make a class its own ancestor: a class met twice on the way up counts as a root.
            for (int c = i; c >= 0 && c < shapes.size() && all.state[c] == PENDING; ) {
                if (depth == chain.length) {
                    chain = java.util.Arrays.copyOf(chain, depth * 2);
                }
                chain[depth++] = c;
                all.state[c] = STARTED;
                c = shapes.get(c).superclass();
            }
            while (depth > 0) {
                all.place(chain[--depth]);
            }
        }
        return all.sizes;
    }

    private void place(int c) {
        ClassShape shape = shapes.get(c);
        int parent = shape.superclass();
        boolean root = parent < 0 || parent >= shapes.size() || state[parent] != DONE;
        VmFields added = c < additions.length ? additions[c] : null;
        if (added == null) {
            added = VmFields.NONE;
        }
        switch (layout.rule()) {
            case FILL_HOLES -> fillHoles(c, shape, root ? -1 : parent, added);
            case BY_LEVEL -> byLevel(c, shape, root ? -1 : parent, added);
            case DECLARED -> sizes[c] = layout.aligned(shape.declaredSize());
            case MAT -> {
                // hprof.md 2.5: own fields and the superclass's, rounded to the reference width at each level.
                long below = root ? layout.header() : ends[parent];
                ends[c] = root ? below : up(shape.fields().bytes(layout.reference()) + below, layout.reference());
                sizes[c] = layout.aligned(up(ends[c], layout.reference()));
            }
        }
        state[c] = DONE;
    }

    private void fillHoles(int c, ClassShape shape, int parent, VmFields added) {
        Placement p =
                parent < 0 ? new Placement(layout.header(), NO_HOLES) : new Placement(ends[parent], holes[parent]);
        // A class below a padded one starts with a padding again, whether it is padded itself or not.
        padded[c] = added.pads() || (parent >= 0 && padded[parent]);
        if (added.allPadded() || (parent >= 0 && padded[parent])) {
            p.pad();
        }
        FieldWidths own = shape.fields().plus(added.injected());
        p.add(own.minus(added.padded()), layout.reference());
        if (!added.padded().isNone()) {
            p.pad();
            p.add(added.padded(), layout.reference());
        }
        ends[c] = p.end;
        holes[c] = p.holes();
        sizes[c] = layout.aligned(up(p.end + (added.pads() ? VmFields.PADDING : 0), 8));
    }

    /** ClassFileParser::layout_fields of JDK 14 and earlier. */
    private void byLevel(int c, ClassShape shape, int parent, VmFields added) {
        int reference = layout.reference();
        long at = parent < 0 ? layout.header() : up(ends[parent], reference);
        if (added.allPadded()) {
            at += VmFields.PADDING;
        }
        FieldWidths f = shape.fields().plus(added.injected()).minus(added.padded());
        int eights = f.eights();
        int fours = f.fours();
        int twos = f.twos();
        int ones = f.ones();
        int references = f.references();
        if (isReferencesFirst(shape.name())) {
            at = up(at + (long) references * reference, eights > 0 ? 8 : 1);
            at = eights(at, eights, fours, twos, ones);
        } else {
            if (eights > 0 && at % 8 != 0) {
                long gap = 8 - at % 8;
                int placed = (int) Math.min(fours, gap / 4);
                fours -= placed;
                gap -= 4L * placed;
                placed = (int) Math.min(twos, gap / 2);
                twos -= placed;
                gap -= 2L * placed;
                placed = (int) Math.min(ones, gap);
                ones -= placed;
                gap -= placed;
                if (gap >= reference && references > 0) {
                    references--;
                }
                at = up(at, 8);
            }
            at = eights(at, eights, fours, twos, ones);
            if (references > 0) {
                at = up(at, reference) + (long) references * reference;
            }
        }
        if (!added.padded().isNone()) {
            FieldWidths g = added.padded();
            at = eights(up(at + VmFields.PADDING, 8), g.eights(), g.fours(), g.twos(), g.ones());
            at = up(at, reference) + (long) g.references() * reference;
        }
        if (added.pads()) {
            at += VmFields.PADDING;
        }
        ends[c] = at;
        sizes[c] = layout.aligned(up(at, layout.header() == 8 && reference == 4 ? 4 : 8));
    }

    private static long eights(long at, int eights, int fours, int twos, int ones) {
        return at + 8L * eights + 4L * fours + 2L * twos + ones;
    }

    /** Classes whose fields the VM knows by fixed order: references first and no gap filled (JDK 14 and earlier). */
    private static boolean isReferencesFirst(String name) {
        if (!name.startsWith("java")) {
            return false;
        }
        return switch (name.replace('/', '.')) {
            case "java.lang.AssertionStatusDirectives",
                    "java.lang.Class",
                    "java.lang.ClassLoader",
                    "java.lang.ref.Reference",
                    "java.lang.ref.SoftReference",
                    "java.lang.StackTraceElement",
                    "java.lang.String",
                    "java.lang.Throwable",
                    "java.lang.Boolean",
                    "java.lang.Character",
                    "java.lang.Float",
                    "java.lang.Double",
                    "java.lang.Byte",
                    "java.lang.Short",
                    "java.lang.Integer",
                    "java.lang.Long" -> true;
            default -> false;
        };
    }

    private static long up(long bytes, int to) {
        return (bytes + to - 1) / to * to;
    }
}

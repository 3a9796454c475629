package dev.holdfast.dump.hprof;

import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of class objects: an instance of {@code java.lang.Class} with what the VM injects into it, and from JDK 7 on
 * behind it the static fields of the class it stands for.
 *
 * <p>How much is injected is decided by the distances behind the class objects of the dump, each of which has statics of
 * its own, so that a wrong guess fits few of them.
 */
final class MirrorSizes {
    /** Class objects looked at; 2,000 neighbours are found in well under a millisecond. */
    private static final int MOST_SAMPLES = 2048;
    /** More was never injected: five references and four words. */
    private static final int MOST_INJECTED = 128;

    final long[] sizes;
    /** The size of a class object without statics. */
    final long base;
    /** Share of the class objects looked at whose distance to the next object is exactly the size; -1 if none. */
    final double share;

    private final List<ClassShape> shapes;
    private final ObjectLayout layout;

    private MirrorSizes(
            List<ClassShape> shapes,
            ObjectLayout layout,
            @Nullable VmFields[] additions,
            int classClass,
            Spacing spacing,
            LongUnaryOperator nextAddress,
            int release) {
        this.shapes = shapes;
        this.layout = layout;
        int n = shapes.size();
        sizes = new long[n];
        long[] statics = new long[n];
        for (int c = 0; c < n; c++) {
            statics[c] = staticBytes(shapes.get(c).mirrorStatics());
        }
        int samples = 0;
        long[] sampledStatics = new long[Math.min(n, MOST_SAMPLES)];
        long[] gaps = new long[sampledStatics.length];
        int step = Math.max(1, n / MOST_SAMPLES);
        for (int c = 0; c < n && samples < gaps.length; c += step) {
            long mirror = shapes.get(c).mirror();
            long next = mirror == 0 ? -1 : nextAddress.applyAsLong(mirror);
            if (Spacing.isGap(mirror, next)) {
                sampledStatics[samples] = statics[c];
                gaps[samples++] = next - mirror;
            }
        }
        long plain = classClass < 0
                ? layout.aligned(layout.header())
                : InstanceSizes.of(shapes, layout, additions)[classClass];
        long best = usual(additions, classClass, plain, release);
        boolean bestStatics = release >= 7;
        long bestMatches = 0;
        for (int variant = 0; variant < 2; variant++) {
            boolean withStatics = variant == 0;
            for (long b = plain; b <= plain + MOST_INJECTED; b += 8) {
                long matches = classClass < 0 ? 0 : spacing.matches(classClass, layout.aligned(b));
                long over = 0;
                for (int i = 0; i < samples; i++) {
                    long size = layout.aligned(b + (withStatics ? sampledStatics[i] : 0));
                    if (size == gaps[i]) {
                        matches++;
                    } else if (size > gaps[i]) {
                        over++;
                    }
                }
                if (matches > bestMatches && over * 50 <= samples) {
                    best = b;
                    bestStatics = withStatics;
                    bestMatches = matches;
                }
            }
        }
        share = samples == 0 ? -1 : Math.min(1, (double) bestMatches / samples);
        base = layout.aligned(best);
        for (int c = 0; c < n; c++) {
            sizes[c] = layout.aligned(best + (bestStatics ? statics[c] : 0));
        }
    }

    static MirrorSizes of(
            List<ClassShape> shapes,
            ObjectLayout layout,
            @Nullable VmFields[] additions,
            int classClass,
            Spacing spacing,
            LongUnaryOperator nextAddress,
            int release) {
        return new MirrorSizes(shapes, layout, additions, classClass, spacing, nextAddress, release);
    }

    /** Two pointers, two ints and two to three references: what the releases since 8 inject. */
    private long usual(@Nullable VmFields[] additions, int classClass, long plain, int release) {
        if (classClass < 0) {
            return plain;
        }
        FieldWidths injected = new FieldWidths(release >= 24 ? 2 : 3, 2, 2, 0, 0);
        @Nullable VmFields[] all = new VmFields[shapes.size()];
        System.arraycopy(additions, 0, all, 0, additions.length);
        all[classClass] = VmFields.injected(injected);
        return InstanceSizes.of(shapes, layout, all)[classClass];
    }

    /** Statics stand references first, then primitives by width; no release fills the hole between. */
    private long staticBytes(FieldWidths f) {
        long at = (long) f.references() * layout.reference();
        if (f.eights() > 0) {
            at = (at + 7) & -8L;
        }
        return (at + 8L * f.eights() + 4L * f.fours() + 2L * f.twos() + f.ones() + 7) & -8L;
    }
}

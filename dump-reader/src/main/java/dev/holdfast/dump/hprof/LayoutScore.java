package dev.holdfast.dump.hprof;

import java.util.List;

/**
 * How well a layout explains the distances between objects.
 *
 * @param layout the layout judged
 * @param samples distances looked at
 * @param matches those that equal the size the layout gives
 * @param over those smaller than the size: objects would overlap
 */
record LayoutScore(ObjectLayout layout, long samples, long matches, long over) {

    /** Judges a layout; {@code skip} classes have sizes of their own for every object. */
    static LayoutScore of(ObjectLayout layout, List<ClassShape> shapes, Spacing spacing, boolean[] skip) {
        long[] sizes = InstanceSizes.of(shapes, layout);
        long samples = 0;
        long matches = 0;
        long over = 0;
        for (int c = 0; c < sizes.length; c++) {
            if (skip[c]) {
                continue;
            }
            long size = sizes[c];
            int end = spacing.start(c) + spacing.count(c);
            for (int i = spacing.start(c); i < end; i++) {
                long gap = spacing.gap(i);
                samples++;
                if (gap == size) {
                    matches++;
                } else if (gap < size) {
                    over++;
                }
            }
        }
        for (int type = 2; type <= 11; type++) {
            int n = spacing.arrays(type);
            for (int i = 0; i < n; i++) {
                long length = spacing.arrayLength(type, i);
                long size = type == 2 ? layout.objectArray(length) : layout.primitiveArray(type, length);
                long gap = spacing.arrayGap(type, i);
                samples++;
                if (gap == size) {
                    matches++;
                } else if (gap < size) {
                    over++;
                }
            }
        }
        return new LayoutScore(layout, samples, matches, over);
    }

    double share() {
        return samples == 0 ? 0 : (double) matches / samples;
    }

    double overShare() {
        return samples == 0 ? 0 : (double) over / samples;
    }

    /** Objects do not overlap; a few damaged ids or lengths must not refute the right layout. */
    boolean refuted() {
        return over > 2 && overShare() > 0.005;
    }
}

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

    /** Judges a layout by arrays alone, which takes no layout of classes. */
    static LayoutScore ofArrays(ObjectLayout layout, Spacing spacing) {
        long samples = 0;
        long matches = 0;
        long over = 0;
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

    /** Adds the instances of all classes; those in {@code skip} have a size of their own for every object. */
    LayoutScore withInstances(List<ClassShape> shapes, Spacing spacing, boolean[] skip) {
        long[] sizes = InstanceSizes.of(shapes, layout);
        long all = samples;
        long equal = matches;
        long below = over;
        for (int c = 0; c < sizes.length; c++) {
            int count = spacing.count(c);
            if (skip[c] || count == 0) {
                continue;
            }
            all += count;
            equal += spacing.matches(c, sizes[c]);
            below += spacing.below(c, sizes[c]);
        }
        return new LayoutScore(layout, all, equal, below);
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

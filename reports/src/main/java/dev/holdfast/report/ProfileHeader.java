package dev.holdfast.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a profile says about itself as a whole. Immutable.
 *
 * @param warnings those of the comments that tell of something left out or changed
 */
record ProfileHeader(
        long timeNanos,
        @Nullable ValueType periodType,
        long period,
        String mapping,
        List<String> comments,
        List<String> warnings) {
    static final ProfileHeader EMPTY = new ProfileHeader(0, null, 0, "holdfast", List.of(), List.of());

    ProfileHeader withTimeNanos(long nanos) {
        return new ProfileHeader(nanos, periodType, period, mapping, comments, warnings);
    }

    ProfileHeader withPeriod(ValueType type, long newPeriod) {
        return new ProfileHeader(timeNanos, type, newPeriod, mapping, comments, warnings);
    }

    ProfileHeader withMapping(String name) {
        return new ProfileHeader(timeNanos, periodType, period, name, comments, warnings);
    }

    ProfileHeader withComment(String text) {
        return new ProfileHeader(timeNanos, periodType, period, mapping, plus(comments, text), warnings);
    }

    ProfileHeader withWarning(String text) {
        return new ProfileHeader(timeNanos, periodType, period, mapping, plus(comments, text), plus(warnings, text));
    }

    private static List<String> plus(List<String> list, String text) {
        List<String> longer = new ArrayList<>(list);
        longer.add(text);
        return List.copyOf(longer);
    }
}

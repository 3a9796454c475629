package dev.holdfast.dump.goruntime;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A release of Go.
 *
 * @param text as the program states it, such as {@code go1.26.11-X:nogreenteagc}
 * @param minor 26 for Go 1.26
 * @param patch 11 for Go 1.26.11, 0 for release candidates and development versions
 * @param experiments what was switched on or off against the release's defaults, such as {@code noswissmap}
 */
public record GoVersion(String text, int minor, int patch, Set<String> experiments) implements Comparable<GoVersion> {
    private static final Pattern RELEASE = Pattern.compile("go1\\.(\\d{1,4})(?:\\.(\\d{1,6}))?");
    private static final Pattern EXPERIMENTS = Pattern.compile("X:([A-Za-z0-9_,]+)");

    /** Reads a version as {@code runtime.buildVersion} holds it, or null if it is none. */
    public static @Nullable GoVersion parse(String text) {
        Matcher release = RELEASE.matcher(text);
        if (!release.find()) {
            return null;
        }
        String patch = release.group(2);
        Matcher x = EXPERIMENTS.matcher(text);
        Set<String> experiments =
                x.find() ? new TreeSet<>(Arrays.asList(x.group(1).split(","))) : new TreeSet<>();
        return new GoVersion(
                text, Integer.parseInt(release.group(1)), patch == null ? 0 : Integer.parseInt(patch), experiments);
    }

    /** Whether it is Go 1.{@code minor} or newer. */
    public boolean atLeast(int release) {
        return minor >= release;
    }

    @Override
    public int compareTo(GoVersion other) {
        return minor != other.minor ? Integer.compare(minor, other.minor) : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return text;
    }
}

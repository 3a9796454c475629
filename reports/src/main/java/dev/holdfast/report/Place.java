package dev.holdfast.report;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What one frame shows: a function's name and file, and a line (0 where unknown). Equal places are one location.
 *
 * @param caller the place that the call was inlined into, or null; both are then one location with two lines
 */
record Place(String name, String file, int line, @Nullable Place caller) implements Comparable<Place> {
    static final Place DEEPER = new Place(FrameNames.DEEPER, "", 0);
    static final Place OTHER = new Place(FrameNames.OTHER, "", 0);

    private static final Comparator<Place> ORDER = Comparator.comparing(Place::name)
            .thenComparing(Place::file)
            .thenComparingInt(Place::line)
            .thenComparing(Place::caller, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** A place that is not inlined. */
    Place(String name, String file, int line) {
        this(name, file, line, null);
    }

    /** A place with any name made fit to be written and read. */
    static Place of(String name, String file, int line) {
        return of(name, file, line, null);
    }

    /** A place with any name made fit to be written and read, inlined into another. */
    static Place of(String name, String file, int line, @Nullable Place caller) {
        String cleanName = FrameNames.shorten(ProfileText.clean(name));
        if (cleanName.isEmpty() || line < 0) {
            throw new IllegalArgumentException("frame named '" + name + "', line " + line);
        }
        return new Place(cleanName, ProfileText.clean(file), line, caller);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}

package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of one of the runtime's structures lie; immutable.
 *
 * <p>A path goes through nested structures: {@code sched.pc}. It leads to the number itself where the runtime wraps it in
 * an atomic type, so that one path serves all releases.
 */
public final class StructLayout {
    private final String name;
    private final long size;
    private final Map<String, Place> places;

    /**
     * A field.
     *
     * @param offset bytes from the start of the structure
     * @param width in bytes
     */
    public record Place(int offset, int width) {
        /** The number in the field, not sign-extended, of the structure at an address. */
        long in(MemoryReader reader, long structure) {
            return reader.unsigned(structure + offset, width);
        }
    }

    StructLayout(String name, long size, Map<String, Place> places) {
        this.name = name;
        this.size = size;
        this.places = Map.copyOf(places);
    }

    /** Its name, such as {@code runtime.mspan}. */
    public String name() {
        return name;
    }

    /** Bytes of the structure. */
    public long size() {
        return size;
    }

    /** Whether this release has the field. */
    public boolean has(String path) {
        return places.containsKey(path);
    }

    /** Offset of a field. */
    public int offset(String path) {
        return place(path).offset;
    }

    /** Offset of a field, or the other number where this release does not have it. */
    public int offset(String path, int absent) {
        Place place = places.get(path);
        return place == null ? absent : place.offset;
    }

    /** Width of a field in bytes. */
    public int width(String path) {
        return place(path).width;
    }

    /** All fields there are, those of nested structures too. */
    Set<String> paths() {
        return places.keySet();
    }

    /** Where a field lies. */
    Place place(String path) {
        @Nullable Place place = places.get(path);
        if (place == null) {
            throw new UnknownLayoutException(name + "." + path);
        }
        return place;
    }
}

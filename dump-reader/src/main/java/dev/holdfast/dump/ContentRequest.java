package dev.holdfast.dump;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link DumpFile#contents} is to look at; immutable.
 *
 * @param numbers by type, the names of one or two fields with numbers, inherited ones included
 * @param arrays types of arrays of primitives whose contents count
 */
public record ContentRequest(Map<Integer, List<String>> numbers, Set<Integer> arrays) {
    /** Copies its arguments. */
    public ContentRequest {
        numbers = Map.copyOf(numbers);
        arrays = Set.copyOf(arrays);
    }
}

package dev.holdfast.dump;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a dump finds without an object graph; its memory depends on the classes and not on the objects.
 *
 * <p>An object that stands in the file twice counts twice: to know it, all addresses would have to be kept.
 *
 * @param info what the dump is; the runtime is null where it could not be looked up
 * @param types what there is of each type, at its index
 * @param layout how sizes were found
 * @param threads live threads
 * @param roots roots and frames with roots, by kind
 * @param warnings what could not be taken at face value
 */
public record StreamedTotals(
        DumpInfo info,
        List<OfType> types,
        LayoutInfo layout,
        long threads,
        Map<RootKind, Long> roots,
        List<DumpWarning> warnings) {

    /**
     * What there is of a type.
     *
     * @param type the type
     * @param objects how many objects
     * @param bytes the shallow size of all of them
     * @param estimated whether the graph, which knows what follows every object, may find another size: of types whose
     *     size does not follow from their fields
     * @param loaderType the type of its class loader; null for none, or where it is not known
     */
    public record OfType(
            DumpType type,
            long objects,
            long bytes,
            boolean estimated,
            @Nullable String loaderType) {}

    /** All objects. */
    public long objects() {
        return types.stream().mapToLong(OfType::objects).sum();
    }

    /** The shallow size of all objects. */
    public long bytes() {
        return types.stream().mapToLong(OfType::bytes).sum();
    }

    /** The same with other warnings. */
    StreamedTotals withWarnings(List<DumpWarning> others) {
        return new StreamedTotals(info, types, layout, threads, roots, others);
    }
}

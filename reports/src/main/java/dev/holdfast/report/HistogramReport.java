package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.StreamedHeap;
import dev.holdfast.heap.TypeSums;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Objects and bytes by class, the largest first; with {@code retained} what the instances of each class retain. */
public final class HistogramReport implements Report {
    /** Which objects are counted. */
    public enum Scope {
        /** Reachable objects. */
        REACHABLE,
        /** The other objects. */
        UNREACHABLE,
        /** All objects in the file. */
        ALL
    }

    /**
     * A type.
     *
     * @param retained what its instances retain, 0 where that was not asked for
     * @param estimated whether the size is
     */
    record Row(
            DumpType type, @Nullable String loaderType, long objects, long bytes, long retained, boolean estimated) {}

    private final List<Row> rows;
    private final int allRows;
    private final long objects;
    private final long bytes;
    private final Scope scope;
    private final boolean retained;
    /** Whether no graph was built, so that some sizes are less sure. */
    private final boolean streamed;

    /** Whether types are what Java calls classes. */
    private final boolean classes;

    private HistogramReport(
            List<Row> rows,
            int allRows,
            long objects,
            long bytes,
            Scope scope,
            boolean retained,
            boolean streamed,
            boolean classes) {
        this.rows = rows;
        this.allRows = allRows;
        this.objects = objects;
        this.bytes = bytes;
        this.scope = scope;
        this.retained = retained;
        this.streamed = streamed;
        this.classes = classes;
    }

    /**
     * Counts.
     *
     * @param limit at most so many rows, 0 for all
     * @param retained whether to add up retained sizes; needs another 8 bytes an object
     */
    public static HistogramReport of(HeapSnapshot heap, Scope scope, int limit, boolean retained) {
        ObjectGraph graph = heap.graph();
        int types = heap.types().size();
        long[] objects = new long[types];
        long[] bytes = new long[types];
        TypeSums sums = heap.typeSums().orElse(null);
        for (int type = 0; sums != null && type < types; type++) {
            boolean reachable = scope == Scope.REACHABLE;
            objects[type] = reachable ? sums.reachableObjects(type) : sums.objects(type);
            bytes[type] = reachable ? sums.reachableBytes(type) : sums.bytes(type);
            if (scope == Scope.UNREACHABLE) {
                objects[type] -= sums.reachableObjects(type);
                bytes[type] -= sums.reachableBytes(type);
            }
        }
        for (int i = 0; sums == null && i < graph.objectCount(); i++) {
            if (scope == Scope.ALL || heap.reachable(i) == (scope == Scope.REACHABLE)) {
                int type = graph.typeOf(i);
                objects[type]++;
                bytes[type] += graph.shallowSize(i);
            }
        }
        long[] retainedBytes = retained ? heap.retainedByType() : new long[types];
        return of(rows(heap, objects, bytes, retainedBytes), scope, limit, retained, false);
    }

    /** What is reachable, with retained sizes, from the frames of a walk. */
    static HistogramReport of(HeapSnapshot heap, FrameTypes frames) {
        int types = heap.types().size();
        long[] objects = new long[types];
        long[] bytes = new long[types];
        long[] retained = frames.tellRetained() ? new long[types] : heap.retainedByType();
        for (int type = 0; type < types; type++) {
            objects[type] = frames.objects(type);
            bytes[type] = frames.bytes(type);
            retained[type] = frames.tellRetained() ? frames.retained(type) : retained[type];
        }
        return of(rows(heap, objects, bytes, retained), Scope.REACHABLE, 0, true, false);
    }

    private static List<Row> rows(HeapSnapshot heap, long[] objects, long[] bytes, long[] retained) {
        @Nullable String[] loaders = loaderTypes(heap);
        List<Row> rows = new ArrayList<>();
        for (DumpType type : heap.types()) {
            int t = type.index();
            rows.add(new Row(type, loaders[t], objects[t], bytes[t], retained[t], false));
        }
        return rows;
    }

    /** Counts every object in the file without a graph. */
    public static HistogramReport streamed(DumpFile dump, int limit, Progress progress) throws IOException {
        return streamed(StreamedHeap.count(dump, progress), limit);
    }

    /** Of a dump that was counted without a graph. */
    public static HistogramReport streamed(StreamedTotals totals, int limit) {
        List<Row> rows = new ArrayList<>();
        for (StreamedTotals.OfType each : totals.types()) {
            rows.add(new Row(each.type(), each.loaderType(), each.objects(), each.bytes(), 0, each.estimated()));
        }
        return of(rows, Scope.ALL, limit, false, true);
    }

    private static @Nullable String[] loaderTypes(HeapSnapshot heap) {
        @Nullable String[] names = new String[heap.types().size()];
        for (DumpType type : heap.types()) {
            int loader = type.loaderAddress() == 0 ? -1 : heap.graph().indexOf(type.loaderAddress());
            names[type.index()] = loader < 0
                    ? null
                    : heap.types().get(heap.graph().typeOf(loader)).name();
        }
        return names;
    }

    private static HistogramReport of(List<Row> all, Scope scope, int limit, boolean retained, boolean streamed) {
        List<Row> rows = new ArrayList<>(all);
        rows.removeIf(row -> row.objects == 0);
        long allObjects = 0;
        long allBytes = 0;
        for (Row row : rows) {
            allObjects += row.objects;
            allBytes += row.bytes;
        }
        rows.sort(Comparator.comparingLong((Row row) -> -row.bytes)
                .thenComparing(row -> row.type.name())
                .thenComparing((a, b) -> Long.compareUnsigned(a.type.classAddress(), b.type.classAddress())));
        boolean classes = all.stream().anyMatch(row -> row.type.hasClassObject());
        int shown = limit == 0 ? rows.size() : Math.min(limit, rows.size());
        return new HistogramReport(
                List.copyOf(rows.subList(0, shown)),
                rows.size(),
                allObjects,
                allBytes,
                scope,
                retained,
                streamed,
                classes);
    }

    /** The rows shown, the largest first. */
    List<Row> rows() {
        return rows;
    }

    @Override
    public void writeText(PrintWriter out) {
        TextTable table =
                new TextTable().number("objects").number("shallow bytes").number("share");
        if (retained) {
            table.number("retained bytes");
        }
        table.name(classes ? "class" : "type");
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(
                    Quantities.count(row.objects),
                    (row.estimated ? "~" : "") + Quantities.count(row.bytes),
                    Quantities.share(row.bytes, bytes)));
            if (retained) {
                cells.add(Quantities.count(row.retained));
            }
            cells.add(row.type.name());
            table.row(cells.toArray(new String[0]));
        }
        table.print(out, "");
        if (allRows > rows.size()) {
            out.printf(
                    Locale.ROOT,
                    "... and %,d more %s (--limit 0 shows all)%n",
                    allRows - rows.size(),
                    classes ? "classes" : "types");
        }
        if (rows.stream().anyMatch(Row::estimated)) {
            out.println("~ estimated: the dump does not show all that the VM puts into these, see docs/cli.md");
        }
        out.printf(
                Locale.ROOT,
                "total: %,d objects, %,d bytes (%s), %s%n",
                objects,
                bytes,
                Quantities.bytes(bytes),
                switch (scope) {
                    case REACHABLE -> "reachable";
                    case UNREACHABLE -> "unreachable";
                    case ALL -> "all in the file";
                });
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(out, json -> {
            json.array("rows", list -> {
                for (Row row : rows) {
                    list.element(o -> {
                        o.field("type", row.type.name())
                                .addressOrNull("class_loader", row.type.loaderAddress())
                                .field("class_loader_type", row.loaderType)
                                .field("objects", row.objects)
                                .field("shallow_bytes", row.bytes)
                                .fieldOrNull("retained_bytes", retained ? row.retained : -1);
                        if (streamed) {
                            o.field("estimated", row.estimated);
                        } else {
                            o.nullField("estimated");
                        }
                    });
                }
            });
            json.object("total", o -> o.field("objects", objects).field("shallow_bytes", bytes));
        });
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.LargestFirst;
import dev.holdfast.roots.PathStep;
import dev.holdfast.roots.RootPath;
import dev.holdfast.roots.ShortestPaths;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The shortest paths from roots to given objects. */
public final class PathsReport implements Report {
    private record Row(int object, List<RootPath> paths) {}

    private final HeapSnapshot heap;
    private final HeapNames names;
    private final List<Row> rows = new ArrayList<>();
    private final long wanted;

    /**
     * Searches.
     *
     * @param objects the objects, as many as are to be shown
     * @param wanted how many objects were asked for; more than are shown where a type has many
     * @param paths how many paths to each object
     * @param strongOnly whether paths through soft, weak, phantom and finalizer references are left out
     */
    private PathsReport(
            HeapSnapshot heap, List<Integer> objects, long wanted, int paths, boolean strongOnly, Progress progress) {
        this.heap = heap;
        this.names = new HeapNames(heap);
        this.wanted = wanted;
        ShortestPaths shortest = ShortestPaths.search(heap, names.roots, names.references, strongOnly, progress);
        for (int object : objects) {
            if (paths == 1) {
                RootPath path = shortest.pathTo(object);
                rows.add(new Row(object, path == null ? List.of() : List.of(path)));
            } else {
                rows.add(new Row(object, shortest.paths(object, paths, progress)));
            }
        }
    }

    /** Paths to objects by their numbers. */
    public static PathsReport to(
            HeapSnapshot heap, List<Integer> objects, int paths, boolean strongOnly, Progress progress) {
        return new PathsReport(heap, objects, objects.size(), paths, strongOnly, progress);
    }

    /** Paths to the instances of a type that retain most. */
    public static PathsReport toType(
            HeapSnapshot heap, String type, int limit, int paths, boolean strongOnly, Progress progress) {
        LargestFirst largest = new LargestFirst(limit);
        long count = 0;
        for (int object = 0; object < heap.graph().objectCount(); object++) {
            if (heap.reachable(object)
                    && heap.types().get(heap.graph().typeOf(object)).name().equals(type)) {
                largest.offer(object, heap.dominators().retainedSize(object));
                count++;
            }
        }
        List<Integer> objects = new ArrayList<>();
        for (int object : largest.take()) {
            objects.add(object);
        }
        return new PathsReport(heap, objects, count, paths, strongOnly, progress);
    }

    /** Whether any object was found. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public void writeText(PrintWriter out) {
        for (Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    "%s  %s, retains %s%n",
                    Quantities.address(heap.graph().addressOf(row.object)),
                    TextTable.printable(names.line(row.object)),
                    Quantities.bytes(heap.dominators().retainedSize(row.object)));
            if (row.paths.isEmpty()) {
                out.println("  no path: it is unreachable by these references");
            }
            for (RootPath path : row.paths) {
                out.println("  " + TextTable.printable(HeapNames.line(path.root())));
                List<PathStep> steps = path.steps();
                for (int i = 0; i < steps.size(); i++) {
                    if (steps.size() > 40 && i == 20) {
                        out.printf(Locale.ROOT, "    ... %,d more steps%n", steps.size() - 40);
                        i = steps.size() - 20;
                    }
                    PathStep step = steps.get(i);
                    String via = step.via();
                    out.println("    " + (via == null ? "" : TextTable.printable(via) + " ")
                            + TextTable.printable(names.line(step.object()))
                            + (heap.graph().isHolder(step.object())
                                    ? ""
                                    : " " + Quantities.address(heap.graph().addressOf(step.object()))));
                }
            }
            out.println();
        }
        if (wanted > rows.size()) {
            out.printf(Locale.ROOT, "... %,d more instances (--limit)%n", wanted - rows.size());
        }
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(
                out,
                json -> json.array("rows", list -> {
                    for (Row row : rows) {
                        list.element(o -> {
                            o.address("object", heap.graph().addressOf(row.object))
                                    .field("type", names.objects.typeName(row.object));
                            o.array("paths", paths -> {
                                for (RootPath path : row.paths) {
                                    paths.element(p -> {
                                        HeapNames.json(p, "root", path.root());
                                        p.array("steps", steps -> {
                                            for (PathStep step : path.steps()) {
                                                steps.element(s -> {
                                                    names.address(s, "object", step.object());
                                                    s.field(
                                                                    "type",
                                                                    heap.graph().isHolder(step.object())
                                                                            ? null
                                                                            : names.objects.typeName(step.object()))
                                                            .field("via", step.via());
                                                });
                                            }
                                        });
                                    });
                                }
                            });
                        });
                    }
                }));
    }
}

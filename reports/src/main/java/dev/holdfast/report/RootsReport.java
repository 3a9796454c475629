package dev.holdfast.report;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.RootGroup;
import dev.holdfast.roots.RootGroups;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The roots by kind and name, with what each retains. */
public final class RootsReport implements Report {
    private final HeapSnapshot heap;
    private final RootGroups groups;
    private final int limit;

    private RootsReport(HeapSnapshot heap, int limit) {
        this.heap = heap;
        this.groups = RootGroups.of(heap, new HeapNames(heap).roots);
        this.limit = limit;
    }

    /**
     * Groups the roots of a heap.
     *
     * @param limit at most so many rows, 0 for all
     */
    public static RootsReport of(HeapSnapshot heap, int limit) {
        return new RootsReport(heap, limit);
    }

    private List<RootGroup> rows() {
        List<RootGroup> rows = groups.rows();
        return limit == 0 || limit >= rows.size() ? rows : rows.subList(0, limit);
    }

    @Override
    public void writeText(PrintWriter out) {
        long whole = heap.totals().reachableBytes();
        TextTable kinds = new TextTable()
                .number("roots")
                .number("objects")
                .number("retained")
                .number("share")
                .name("kind");
        for (Map.Entry<RootKind, RootGroups.KindTotal> entry : groups.byKind().entrySet()) {
            row(kinds, entry.getValue(), whole, entry.getKey().label());
        }
        row(kinds, groups.shared(), whole, "(several roots)");
        kinds.print(out, "");
        out.println();
        TextTable table = new TextTable()
                .number("objects")
                .number("retained")
                .number("share")
                .name("kind")
                .name("name");
        for (RootGroup group : rows()) {
            table.row(
                    Quantities.count(group.objects()),
                    Quantities.bytes(group.retainedBytes()),
                    Quantities.share(group.retainedBytes(), whole),
                    group.root().kind().label(),
                    group.root().name());
        }
        table.print(out, "");
        int more = groups.rows().size() - rows().size();
        if (more > 0) {
            out.printf(Locale.ROOT, "... and %,d more (--limit 0 shows all)%n", more);
        }
    }

    private static void row(TextTable table, RootGroups.KindTotal total, long whole, String name) {
        table.row(
                Quantities.count(total.roots()),
                Quantities.count(total.objects()),
                Quantities.bytes(total.retainedBytes()),
                Quantities.share(total.retainedBytes(), whole),
                name);
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(
                out,
                json -> json.array("rows", list -> {
                    for (RootGroup group : rows()) {
                        list.element(
                                row -> row.field("kind", group.root().kind().label())
                                        .field("name", group.root().name())
                                        .field("objects", group.objects())
                                        .field("retained_bytes", group.retainedBytes()));
                    }
                }));
    }
}

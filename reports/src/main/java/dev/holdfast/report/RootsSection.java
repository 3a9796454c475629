package dev.holdfast.report;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.RootGroup;
import dev.holdfast.roots.RootGroups;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the collector starts from: the kinds of roots, and those that retain most. */
final class RootsSection implements ReportSection {
    private static final int ROWS = 60;
    private static final int ROWS_OF_DATA = 1000;

    private final RootGroups groups;
    private final long reachableBytes;

    RootsSection(HeapSnapshot heap, HeapNames names) {
        this.groups = RootGroups.of(heap, names.roots);
        this.reachableBytes = heap.totals().reachableBytes();
    }

    @Override
    public String name() {
        return "roots";
    }

    @Override
    public String heading() {
        return "Roots";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.array("kinds", list -> {
                for (Map.Entry<RootKind, RootGroups.KindTotal> each :
                        groups.byKind().entrySet()) {
                    list.element(row -> total(row.field("kind", each.getKey().label()), each.getValue()));
                }
            });
            o.object("several_roots", row -> total(row, groups.shared()));
            o.field("names", groups.rows().size());
            List<RootGroup> rows = groups.rows();
            o.array("rows", list -> {
                for (RootGroup group : rows.subList(0, Math.min(rows.size(), ROWS_OF_DATA))) {
                    list.element(row -> row.field("kind", group.root().kind().label())
                            .field("name", group.root().name())
                            .field("objects", group.objects())
                            .field("retained_bytes", group.retainedBytes()));
                }
            });
        });
    }

    private static void total(Json row, RootGroups.KindTotal total) throws IOException {
        row.field("roots", total.roots())
                .field("objects", total.objects())
                .field("retained_bytes", total.retainedBytes());
    }

    @Override
    public void html(Html html) {
        html.element(
                "p",
                "A root is what the collector starts from. What hangs below another root (a frame below its thread)"
                        + " counts in both.",
                "class",
                "note");
        HtmlTable kinds =
                HtmlTable.begin(html, "Kinds of roots", "roots#", "objects held#", "retained#", "share#", "kind");
        groups.byKind().forEach((kind, total) -> row(kinds, total, kind.label()));
        row(kinds, groups.shared(), "held by several roots together, by none alone");
        kinds.end(0, "");
        html.element("h3", "Roots that retain most");
        HtmlTable table =
                HtmlTable.begin(html, "Roots that retain most", "objects held#", "retained#", "share#", "kind", "name");
        List<RootGroup> rows = groups.rows();
        for (RootGroup group : rows.subList(0, Math.min(rows.size(), ROWS))) {
            table.count(group.objects())
                    .bytes(group.retainedBytes())
                    .share(group.retainedBytes(), reachableBytes)
                    .name(group.root().kind().label())
                    .name(group.root().name());
        }
        table.end(rows.size() - table.rows(), "names");
    }

    private void row(HtmlTable table, RootGroups.KindTotal total, String name) {
        table.count(total.roots())
                .count(total.objects())
                .bytes(total.retainedBytes())
                .share(total.retainedBytes(), reachableBytes)
                .name(name);
    }
}

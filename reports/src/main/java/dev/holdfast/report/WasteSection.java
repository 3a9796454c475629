package dev.holdfast.report;

import dev.holdfast.report.waste.Waste;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wasted: by kind, by type, by holder; how full queues are, and how large maps. */
final class WasteSection implements ReportSection {
    private static final int ROWS = 60;
    private static final int HOLDERS = 40;
    private static final int HOLDERS_OF_DATA = 200;
    private static final int ROWS_OF_DATA = 1000;
    private static final int PATH_BEGIN = 2;
    private static final int PATH_END = 4;
    private static final int PATH_NAME = 80;

    private final @Nullable Waste waste;
    private final List<WasteHolders.Holder> holders;
    private final String missing;
    private final long reachableBytes;

    private WasteSection(
            @Nullable Waste waste, List<WasteHolders.Holder> holders, String missing, long reachableBytes) {
        this.waste = waste;
        this.holders = holders;
        this.missing = missing;
        this.reachableBytes = reachableBytes;
    }

    /** Of a census. */
    static WasteSection of(Waste waste, WasteHolders holders, long reachableBytes) {
        return new WasteSection(waste, holders.holders(HOLDERS_OF_DATA), "", reachableBytes);
    }

    /** In place of a census that could not be made. */
    static WasteSection missing(String why) {
        return new WasteSection(null, List.of(), why, 0);
    }

    @Override
    public String name() {
        return "waste";
    }

    @Override
    public String heading() {
        return "Waste";
    }

    @Override
    public void json(Json json) throws IOException {
        Waste known = waste;
        if (known == null) {
            json.object(name(), o -> o.field("counted", false).field("reason", missing));
            return;
        }
        json.object(name(), o -> {
            o.field("counted", true).nullField("reason");
            o.field("objects", known.objects()).field("bytes", known.bytes());
            o.field("left_out", known.leftOut());
            o.array("kinds", list -> {
                for (Waste.Kind kind : known.kinds()) {
                    list.element(row -> row.field("kind", kind.kind().label())
                            .field("rule", kind.kind().rule())
                            .field("objects", kind.objects())
                            .field("bytes", kind.bytes())
                            .field("looked_at_objects", kind.looked())
                            .field("looked_at_bytes", kind.lookedBytes()));
                }
            });
            o.field("types", known.rows().size());
            o.array("rows", list -> {
                for (Waste.Row each : first(known.rows(), ROWS_OF_DATA)) {
                    list.element(row -> row.field("kind", each.kind().label())
                            .field("type", each.type())
                            .field("objects", each.objects())
                            .field("bytes", each.bytes()));
                }
            });
            o.array("holders", list -> {
                for (WasteHolders.Holder each : holders) {
                    list.element(row -> row.field("path", String.join(" › ", each.path()))
                            .field("objects", each.objects())
                            .field("bytes", each.bytes()));
                }
            });
            queues(o, known);
            o.array("maps", list -> {
                for (Waste.MapClass each : known.maps()) {
                    list.element(row -> row.fieldOrNull(
                                    "entries_at_most", each.atMost() == Long.MAX_VALUE ? -1 : each.atMost())
                            .field("maps", each.maps())
                            .field("entries", each.entries())
                            .field("bytes", each.bytes()));
                }
            });
        });
    }

    private static void queues(Json json, Waste waste) throws IOException {
        json.array("queues", list -> {
            for (Waste.Queue each : first(waste.queues(), ROWS_OF_DATA)) {
                list.element(row -> row.field("type", each.type())
                        .field("objects", each.objects())
                        .field("empty", each.empty())
                        .field("bounded", each.bounded())
                        .field("full", each.full())
                        .field("elements", each.elements())
                        .fieldOrNull("capacity", each.bounded() > 0 ? each.capacity() : -1));
            }
        });
    }

    private static <T> List<T> first(List<T> rows, int most) {
        return rows.subList(0, Math.min(rows.size(), most));
    }

    @Override
    public void html(Html html) {
        Waste known = waste;
        if (known == null) {
            html.element("p", missing, "class", "note");
            return;
        }
        html.element(
                "p",
                Quantities.bytes(known.bytes()) + " ("
                        + Quantities.share(known.bytes(), reachableBytes)
                        + " of what is reachable) in " + Quantities.count(known.objects())
                        + " objects could be saved without losing anything that the program has. No byte is counted"
                        + " twice.",
                "class",
                "note");
        if (known.leftOut() > 0) {
            html.element("p", leftOut(known), "class", "note");
        }
        kinds(html, known);
        types(html, known);
        holders(html, known);
        if (!known.queues().isEmpty()) {
            queues(html, known);
        }
        if (!known.maps().isEmpty()) {
            maps(html, known);
        }
    }

    /** What the sums do not have. */
    static String leftOut(Waste waste) {
        return Quantities.count(waste.leftOut())
                + " strings and numbers could not be compared with others, as the dump does not have all of their bytes:"
                + " they may be duplicates too.";
    }

    private void kinds(Html html, Waste known) {
        HtmlTable table = HtmlTable.begin(
                html,
                "Waste by kind",
                "objects#",
                "wasted#",
                "share of the heap#",
                "of objects#",
                "kind",
                "what is counted");
        for (Waste.Kind kind : known.kinds()) {
            if (kind.looked() > 0 || kind.objects() > 0) {
                table.count(kind.objects())
                        .bytes(kind.bytes())
                        .share(kind.bytes(), reachableBytes)
                        .count(kind.looked())
                        .name(kind.kind().label())
                        .sentence(kind.kind().rule());
            }
        }
        table.end(0, "");
    }

    private void types(Html html, Waste known) {
        html.element("h3", "Waste by type");
        HtmlTable table = HtmlTable.begin(html, "Waste by type", "objects#", "wasted#", "share#", "kind", "type");
        for (Waste.Row row : first(known.rows(), ROWS)) {
            table.count(row.objects())
                    .bytes(row.bytes())
                    .share(row.bytes(), known.bytes())
                    .name(row.kind().label())
                    .name(row.type());
        }
        table.end(known.rows().size() - table.rows(), "rows");
    }

    private void holders(Html html, Waste known) {
        html.element("h3", "Waste by holder");
        html.element(
                "p",
                "The holder is the nearest object of the program's own that alone holds what is wasted, or else the"
                        + " root.",
                "class",
                "note");
        HtmlTable table =
                HtmlTable.begin(html, "Waste by holder", "objects#", "wasted#", "share#", "holder, from the root down");
        for (WasteHolders.Holder holder : first(holders, HOLDERS)) {
            table.count(holder.objects())
                    .bytes(holder.bytes())
                    .share(holder.bytes(), known.bytes())
                    .text(path(holder.path()));
        }
        long shown = first(holders, HOLDERS).stream()
                .mapToLong(WasteHolders.Holder::bytes)
                .sum();
        table.end(0, "");
        if (shown < known.bytes()) {
            html.element(
                    "p", "and " + Quantities.bytes(known.bytes() - shown) + " below other holders", "class", "more");
        }
    }

    private static String path(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            boolean end = i < PATH_BEGIN || i >= names.size() - PATH_END;
            if (end) {
                text.append(i == 0 ? "" : " › ").append(Quantities.shortened(names.get(i), PATH_NAME));
            } else if (i == PATH_BEGIN) {
                text.append(" › …");
            }
        }
        return text.toString();
    }

    private static void queues(Html html, Waste known) {
        html.element("h3", "Queues and channels");
        HtmlTable table = HtmlTable.begin(
                html, "Queues and channels", "queues#", "empty#", "full#", "elements#", "places#", "filled#", "type");
        for (Waste.Queue queue : first(known.queues(), ROWS)) {
            table.count(queue.objects())
                    .count(queue.empty())
                    .count(queue.full())
                    .count(queue.elements());
            if (queue.bounded() == queue.objects()) {
                table.count(queue.capacity()).share(queue.elements(), queue.capacity());
            } else {
                table.none().none();
            }
            table.name(queue.type());
        }
        table.end(known.queues().size() - table.rows(), "types");
    }

    private static void maps(Html html, Waste known) {
        html.element("h3", "Maps by size");
        HtmlTable table =
                HtmlTable.begin(html, "Maps by size", "maps#", "entries#", "own bytes and tables#", "entries in a map");
        for (Waste.MapClass each : known.maps()) {
            String range = each.atMost() == Long.MAX_VALUE
                    ? "more"
                    : each.atMost() <= 1 ? Long.toString(each.atMost()) : "up to " + Quantities.count(each.atMost());
            table.count(each.maps()).count(each.entries()).bytes(each.bytes()).text(range);
        }
        table.end(0, "");
    }
}

package dev.holdfast.report;

import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.util.List;

/** Reachable objects and bytes by type, the largest first. */
final class HistogramSection implements ReportSection {
    private static final int ROWS = 200;
    private static final int ROWS_OF_DATA = 2000;

    private final Language language;
    private final List<HistogramReport.Row> rows;
    private final long reachableBytes;

    /** Of all types, sorted. */
    HistogramSection(HeapSnapshot heap, List<HistogramReport.Row> rows) {
        this.language = Language.of(heap.dump().info());
        this.rows = rows;
        this.reachableBytes = heap.totals().reachableBytes();
    }

    @Override
    public String name() {
        return "histogram";
    }

    @Override
    public String heading() {
        return "Objects by " + (language == Language.JAVA ? "class" : "type");
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("types", rows.size());
            o.array("rows", list -> {
                for (HistogramReport.Row row : rows.subList(0, Math.min(rows.size(), ROWS_OF_DATA))) {
                    list.element(r -> r.field("type", row.type().name())
                            .addressOrNull("class_loader", row.type().loaderAddress())
                            .field("class_loader_type", row.loaderType())
                            .field("objects", row.objects())
                            .field("shallow_bytes", row.bytes())
                            .field("retained_bytes", row.retained()));
                }
            });
        });
    }

    @Override
    public void html(Html html) {
        html.element(
                "p",
                "Own bytes add up to the heap. Retained: what would go away with all instances of the type; rows"
                        + " overlap.",
                "class",
                "note");
        HtmlTable table = HtmlTable.begin(html, heading(), "objects#", "own bytes#", "share#", "retained#", "type");
        for (HistogramReport.Row row : rows.subList(0, Math.min(rows.size(), ROWS))) {
            table.count(row.objects())
                    .bytes(row.bytes())
                    .share(row.bytes(), reachableBytes)
                    .bytes(row.retained())
                    .name(row.type().name());
        }
        table.end(rows.size() - table.rows(), language.types());
    }
}

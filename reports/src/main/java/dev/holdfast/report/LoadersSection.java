package dev.holdfast.report;

import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Class loaders: what each has defined, and which classes several of them define, the sign of a loader that was kept. */
final class LoadersSection implements ReportSection {
    private static final int ROWS = 60;
    private static final int ROWS_OF_DATA = 1000;
    private static final String BOOT = "(boot loader)";

    /** Sums of a loader. */
    private static final class Loader {
        private final int node;
        private final String label;
        private long classes;
        private long objects;
        private long bytes;

        Loader(int node, String label) {
            this.node = node;
            this.label = label;
        }

        long bytes() {
            return bytes;
        }

        String label() {
            return label;
        }
    }

    private final HeapSnapshot heap;
    private final List<Loader> loaders;

    /** Names of classes that several loaders define, with how many do, most first. */
    private final List<Map.Entry<String, Integer>> duplicates;

    /**
     * Adds up.
     *
     * @param rows of all types
     */
    LoadersSection(HeapSnapshot heap, List<HistogramReport.Row> rows) {
        this.heap = heap;
        HeapNames names = new HeapNames(heap);
        Map<Integer, Loader> byNode = new HashMap<>();
        Map<String, Integer> definitions = new HashMap<>();
        for (var type : heap.types()) {
            if (type.hasClassObject() && !type.isArray()) {
                int node = names.objects.loaderOf(type.index());
                loader(byNode, names, node).classes++;
                definitions.merge(type.name(), 1, Integer::sum);
            }
        }
        for (HistogramReport.Row row : rows) {
            Loader loader =
                    loader(byNode, names, names.objects.loaderOf(row.type().index()));
            loader.objects += row.objects();
            loader.bytes += row.bytes();
        }
        loaders = new ArrayList<>(byNode.values());
        loaders.sort(Comparator.comparingLong(Loader::bytes)
                .reversed()
                .thenComparing(Loader::label)
                .thenComparingInt(loader -> loader.node));
        duplicates = definitions.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    private static Loader loader(Map<Integer, Loader> byNode, HeapNames names, int node) {
        return byNode.computeIfAbsent(node, n -> new Loader(n, n < 0 ? BOOT : names.objects.loaderLabel(n)));
    }

    private long retained(Loader loader) {
        return loader.node < 0 ? -1 : heap.dominators().retainedSize(loader.node);
    }

    @Override
    public String name() {
        return "class_loaders";
    }

    @Override
    public String heading() {
        return "Class loaders";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("loaders", loaders.size());
            o.array("rows", list -> {
                for (Loader loader : loaders.subList(0, Math.min(loaders.size(), ROWS_OF_DATA))) {
                    list.element(row -> row.field("name", loader.label)
                            .addressOrNull(
                                    "object", loader.node < 0 ? 0 : heap.graph().addressOf(loader.node))
                            .field("classes", loader.classes)
                            .field("objects", loader.objects)
                            .field("shallow_bytes", loader.bytes)
                            .fieldOrNull("retained_bytes", retained(loader)));
                }
            });
            o.field("duplicate_classes", duplicates.size());
            o.array("duplicates", list -> {
                for (Map.Entry<String, Integer> each : duplicates.subList(0, Math.min(duplicates.size(), ROWS))) {
                    list.element(row -> row.field("type", each.getKey()).field("definitions", each.getValue()));
                }
            });
        });
    }

    @Override
    public void html(Html html) {
        HtmlTable table = HtmlTable.begin(
                html, heading(), "classes#", "objects of them#", "own bytes#", "loader retains#", "loader");
        for (Loader loader : loaders.subList(0, Math.min(loaders.size(), ROWS))) {
            table.count(loader.classes).count(loader.objects).bytes(loader.bytes);
            if (loader.node < 0) {
                table.none();
            } else {
                table.bytes(retained(loader));
            }
            table.name(loader.label);
        }
        table.end(loaders.size() - table.rows(), "loaders");
        if (duplicates.isEmpty()) {
            html.element("p", "No class is defined by more than one loader.", "class", "note");
            return;
        }
        html.element("h3", "Classes that several loaders define");
        html.element(
                "p",
                "Normal for plug-ins; after redeployments the sign that an old loader is still held.",
                "class",
                "note");
        HtmlTable twice = HtmlTable.begin(html, "Classes that several loaders define", "definitions#", "class");
        for (Map.Entry<String, Integer> each : duplicates.subList(0, Math.min(duplicates.size(), ROWS))) {
            twice.count(each.getValue()).name(each.getKey());
        }
        twice.end(duplicates.size() - twice.rows(), "classes");
    }
}

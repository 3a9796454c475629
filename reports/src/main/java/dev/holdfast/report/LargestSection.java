package dev.holdfast.report;

import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.LargestFirst;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The largest single objects, reachable or not: arrays nearly always. */
final class LargestSection implements ReportSection {
    private static final int ROWS = 40;

    /**
     * An object.
     *
     * @param elements -1 if it is no array
     * @param retained -1 if it is unreachable
     * @param dominator what immediately dominates it and by which field, or null
     * @param holder what holds it all, or null if it is unreachable
     */
    private record Row(
            int object,
            long elements,
            long bytes,
            long retained,
            @Nullable String dominator,
            @Nullable String holder) {}

    private final HeapSnapshot heap;
    private final HeapNames names;
    private final List<Row> rows = new ArrayList<>();
    private final long whole;

    /** Looks at the size of each object once. */
    LargestSection(HeapSnapshot heap, HeapNames names) {
        this.heap = heap;
        this.names = names;
        this.whole = heap.totals().reachableBytes() + heap.totals().unreachableBytes();
        ObjectGraph graph = heap.graph();
        LargestFirst largest = new LargestFirst(Math.min(ROWS, graph.objectCount()));
        for (int object = 0; object < graph.objectCount(); object++) {
            largest.offer(object, graph.shallowSize(object));
        }
        for (int object : largest.take()) {
            rows.add(row(object));
        }
    }

    private Row row(int object) {
        boolean array = heap.types().get(heap.graph().typeOf(object)).isArray();
        boolean reachable = heap.reachable(object);
        return new Row(
                object,
                array ? heap.objectAt(object).elementCount() : -1,
                heap.graph().shallowSize(object),
                reachable ? heap.dominators().retainedSize(object) : -1,
                dominator(object),
                reachable ? HeapNames.line(names.roots.holderOf(object)) : null);
    }

    private @Nullable String dominator(int object) {
        int dominator = heap.dominators().immediateDominator(object);
        if (dominator == DominatorTree.VIRTUAL_ROOT || dominator == DominatorTree.UNREACHABLE) {
            return null;
        }
        if (heap.graph().isHolder(dominator)) {
            return names.line(dominator);
        }
        String via = names.references.via(dominator, object);
        return (via == null ? FrameNames.SHARED : via) + " of " + names.line(dominator);
    }

    @Override
    public String name() {
        return "largest_objects";
    }

    @Override
    public String heading() {
        return "Largest single objects";
    }

    @Override
    public String shortHeading() {
        return "Largest";
    }

    @Override
    public void json(Json json) throws IOException {
        json.array(name(), list -> {
            for (Row row : rows) {
                list.element(o -> {
                    names.json(o, row.object);
                    o.fieldOrNull("element_count", row.elements)
                            .field("shallow_bytes", row.bytes)
                            .fieldOrNull("retained_bytes", row.retained)
                            .field("dominator", row.dominator)
                            .field("holder", row.holder);
                });
            }
        });
    }

    @Override
    public void html(Html html) {
        HtmlTable table = HtmlTable.begin(
                html,
                "Largest single objects",
                "shallow#",
                "share#",
                "elements#",
                "retained#",
                "type",
                "held directly by",
                "root",
                "address");
        for (Row row : rows) {
            table.bytes(row.bytes).share(row.bytes, whole);
            if (row.elements < 0) {
                table.none();
            } else {
                table.count(row.elements);
            }
            if (row.retained < 0) {
                table.none();
            } else {
                table.bytes(row.retained);
            }
            table.name(names.line(row.object))
                    .name(row.dominator != null ? row.dominator : row.holder == null ? "nothing" : "the roots")
                    .name(row.holder == null ? "(unreachable)" : row.holder)
                    .name(Quantities.address(heap.graph().addressOf(row.object)));
        }
        table.end(heap.graph().objectCount() - rows.size(), "objects, each smaller");
    }
}

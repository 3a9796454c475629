package dev.holdfast.report;

import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.LargestFirst;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/** The objects that retain most: of the whole heap, or of those that one object immediately dominates. */
public final class DominatorsReport implements Report {
    private final HeapSnapshot heap;
    private final HeapNames names;
    private final int[] rows;
    private final long whole;

    private DominatorsReport(HeapSnapshot heap, int[] rows, long whole) {
        this.heap = heap;
        this.names = new HeapNames(heap);
        this.rows = rows;
        this.whole = whole;
    }

    /**
     * The largest of the whole heap.
     *
     * @param limit at most so many rows, 0 for all
     */
    public static DominatorsReport of(HeapSnapshot heap, int limit) {
        int[] largest = heap.largestObjects(limit == 0 ? heap.graph().objectCount() : limit);
        return new DominatorsReport(heap, largest, heap.totals().reachableBytes());
    }

    /** The largest of what an object immediately dominates, frames of a thread included. */
    public static DominatorsReport below(HeapSnapshot heap, int object, int limit) {
        var children = heap.dominated();
        int count = children.end(object) - children.first(object);
        LargestFirst largest = new LargestFirst(limit == 0 ? count : Math.min(limit, count));
        for (int c = children.first(object); c < children.end(object); c++) {
            largest.offer(children.child(c), heap.dominators().retainedSize(children.child(c)));
        }
        return new DominatorsReport(heap, largest.take(), heap.dominators().retainedSize(object));
    }

    @Override
    public void writeText(PrintWriter out) {
        TextTable table = new TextTable()
                .number("retained")
                .number("share")
                .number("shallow")
                .name("object")
                .name("held by")
                .name("what");
        for (int node : rows) {
            long retained = heap.dominators().retainedSize(node);
            table.row(
                    Quantities.bytes(retained),
                    Quantities.share(retained, whole),
                    Quantities.bytes(heap.graph().shallowSize(node)),
                    heap.graph().isHolder(node)
                            ? "-"
                            : Quantities.address(heap.graph().addressOf(node)),
                    Quantities.shortened(HeapNames.line(names.roots.holderOf(node)), 32),
                    names.line(node));
        }
        table.print(out, "");
        if (rows.length == 0) {
            out.println("It dominates nothing.");
        } else {
            out.printf(Locale.ROOT, "share of %s%n", Quantities.bytes(whole));
        }
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(
                out,
                json -> json.array("rows", list -> {
                    for (int node : rows) {
                        list.element(row -> {
                            if (heap.graph().isHolder(node)) {
                                row.nullField("object").nullField("type").field("name", names.roots.functionOf(node));
                            } else {
                                names.json(row, node);
                            }
                            row.field("shallow_bytes", heap.graph().shallowSize(node))
                                    .field("retained_bytes", heap.dominators().retainedSize(node));
                            int dominator = heap.dominators().immediateDominator(node);
                            names.address(row, "dominator", dominator == DominatorTree.VIRTUAL_ROOT ? -1 : dominator);
                            HeapNames.json(row, "holder", names.roots.holderOf(node));
                        });
                    }
                }));
    }
}

package dev.holdfast.report;

import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.DominatorLevels.Row;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The dominator tree as a table that opens level by level, without scripts: what retains most, and what of it. */
final class DominatorSection implements ReportSection {
    /** Most bytes of the section: names of any length and any characters. */
    private static final int MOST_BYTES = 200_000;

    private static final int MOST_VIA = 60;

    private final HeapSnapshot heap;
    private final HeapNames names;
    private final Row top;

    DominatorSection(HeapSnapshot heap, HeapNames names) {
        this.heap = heap;
        this.names = names;
        this.top = DominatorLevels.of(heap);
    }

    @Override
    public String name() {
        return "dominators";
    }

    @Override
    public String heading() {
        return "Dominators, level by level";
    }

    @Override
    public String shortHeading() {
        return "Dominators";
    }

    /** What an object is: its class if it is a class object, else its type; of a holder its kind and name. */
    private String what(int node) {
        return names.line(node);
    }

    /** The name of a thread or class loader, else null. */
    private @Nullable String ownName(int node) {
        boolean named = !heap.graph().isHolder(node) && names.objects.classOf(node) == null;
        return named ? names.objects.nameOf(node) : null;
    }

    /** By what its dominator refers to an object: a field; of a root its kind. */
    private String via(int node) {
        int dominator = heap.dominators().immediateDominator(node);
        if (dominator == DominatorTree.VIRTUAL_ROOT) {
            if (heap.graph().isHolder(node)) {
                return "";
            }
            return names.roots.isNamed(node) ? names.roots.of(node).kind().label() : "(several roots)";
        }
        if (heap.graph().isHolder(node)) {
            return "";
        }
        String via = heap.graph().isHolder(dominator) ? "" : names.references.via(dominator, node);
        return via == null ? FrameNames.SHARED : via;
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("retained_bytes", top.retained());
            rows(o, top);
        });
    }

    private void rows(Json json, Row parent) throws IOException {
        json.array("rows", list -> {
            for (Row row : parent.children()) {
                list.element(o -> {
                    int node = row.node();
                    if (heap.graph().isHolder(node)) {
                        o.nullField("object").nullField("type").field("name", what(node));
                    } else {
                        names.json(o, node);
                    }
                    String via = via(node);
                    o.field("via", via.isEmpty() ? null : via)
                            .field("shallow_bytes", heap.graph().shallowSize(node))
                            .field("retained_bytes", row.retained());
                    rows(o, row);
                });
            }
        });
        json.object("more", o -> o.field("objects", parent.more()).field("retained_bytes", parent.moreBytes()));
    }

    @Override
    public void html(Html html) {
        html.open("p", "class", "note")
                .text("What retains most, with what of it each part retains; shares are of "
                        + Quantities.bytes(top.retained()) + ". To look further: ")
                .element("code", "holdfast dominators --of ADDRESS", "class", "cmd")
                .close();
        html.open("div", "class", "tree", "tabindex", "0", "role", "region", "aria-label", "Dominator tree");
        html.open("div", "class", "row head")
                .element("span", "object", "class", "what")
                .element("span", "retained", "class", "n")
                .element("span", "share", "class", "n")
                .element("span", "shallow", "class", "n")
                .element("span", "address", "class", "n")
                .close()
                .line();
        children(html, top, html.size() + MOST_BYTES, true);
        html.close().line();
    }

    /**
     * Rows below a row.
     *
     * @param most so large the page may become
     * @param first whether the row is the largest of its level, whose largest part is open from the start
     */
    private void children(Html html, Row parent, long most, boolean first) {
        long more = parent.more();
        long moreBytes = parent.moreBytes();
        for (Row row : parent.children()) {
            if (html.size() > most) {
                more++;
                moreBytes += row.retained();
                continue;
            }
            boolean open = first && row == parent.children().get(0) && row.retained() >= parent.retained() / 2;
            if (row.children().isEmpty()) {
                row(html, "div", row);
                continue;
            }
            if (open) {
                html.open("details", "open", "");
            } else {
                html.open("details");
            }
            row(html, "summary", row);
            children(html, row, most, open);
            html.close();
        }
        if (more > 0) {
            html.open("div", "class", "row rest l" + (parent.level() + 1))
                    .element("span", "and " + Quantities.count(more) + " more", "class", "what")
                    .element("span", Quantities.bytes(moreBytes), "class", "n");
            share(html, moreBytes);
            html.close().line();
        }
    }

    private void row(Html html, String tag, Row row) {
        int node = row.node();
        html.open(tag, "class", "row l" + row.level()).open("span", "class", "what");
        String via = via(node);
        if (!via.isEmpty()) {
            html.element("span", Quantities.shortened(Html.visible(via), MOST_VIA), "class", "via")
                    .text(" ");
        }
        html.named("span", what(node));
        String own = ownName(node);
        if (own != null) {
            html.text(" “" + Quantities.shortened(Html.visible(own), MOST_VIA) + "”");
        }
        html.close().element("span", Quantities.bytes(row.retained()), "class", "n");
        share(html, row.retained());
        boolean holder = heap.graph().isHolder(node);
        html.element("span", holder ? "" : Quantities.bytes(heap.graph().shallowSize(node)), "class", "n")
                .element("span", holder ? "" : Quantities.address(heap.graph().addressOf(node)), "class", "n addr")
                .close()
                .line();
    }

    private void share(Html html, long bytes) {
        html.element(
                "span", Quantities.share(bytes, top.retained()), "class", HtmlTable.shareClass(bytes, top.retained()));
    }
}

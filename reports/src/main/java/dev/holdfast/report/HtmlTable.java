package dev.holdfast.report;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * A table on the page that can be read as it stands; the page's script lets it be sorted and filtered by the exact values,
 * which cells carry beside what people read. Cells are given row by row, in the order of the headings. Used by one thread.
 */
final class HtmlTable {
    /**
     * Once the page is as large as this, tables have no more rows: it stays below 1 MB whatever the names are, and only
     * names that consist of nothing but quotes or emoji bring it there.
     */
    private static final int MOST_BYTES = 850_000;

    private final Html html;
    private final int columns;
    private int cell;
    private int rows;
    private boolean full;
    private long unwritten;

    private HtmlTable(Html html, int columns) {
        this.html = html;
        this.columns = columns;
    }

    /**
     * Begins a table.
     *
     * @param label what the table is, for those who cannot see it
     * @param headings of the columns; those of numbers end with {@code #}, which is not shown
     */
    static HtmlTable begin(Html html, String label, String... headings) {
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", label);
        html.open("table", "class", "sortable", "aria-label", label)
                .open("thead")
                .open("tr");
        for (String heading : headings) {
            if (heading.endsWith("#")) {
                html.element("th", heading.substring(0, heading.length() - 1), "scope", "col", "class", "n");
            } else {
                html.element("th", heading, "scope", "col");
            }
        }
        html.close().close().line().open("tbody");
        return new HtmlTable(html, headings.length);
    }

    HtmlTable bytes(long value) {
        return number(Quantities.bytes(value), value);
    }

    HtmlTable count(long value) {
        return number(Quantities.count(value), value);
    }

    /** A part of a whole, in percent, with a bar of that length. */
    HtmlTable share(long part, long whole) {
        String exact = whole == 0 ? "0" : String.format(Locale.ROOT, "%.3f", 100.0 * part / whole);
        return cell(Quantities.share(part, whole), "class", shareClass(part, whole), "data-v", exact);
    }

    /** The classes of what shows a share as a bar; a class a percent, because the page forbids style attributes. */
    static String shareClass(long part, long whole) {
        long percent = whole <= 0 ? 0 : Math.round(100.0 * Math.max(0, Math.min(part, whole)) / whole);
        return "n share s" + percent;
    }

    /** A sentence of ours. */
    HtmlTable sentence(String text) {
        return cell(text, "class", "why");
    }

    /** A text of several names, which the caller keeps short. */
    HtmlTable text(String text) {
        return cell(text, "class", "name");
    }

    /** A number that is not known: an empty cell that sorts last. */
    HtmlTable none() {
        return cell("", "class", "n", "data-v", "-1");
    }

    /** A name from the dump or our own words. */
    HtmlTable name(String text) {
        if (begins()) {
            html.named("td", text);
        }
        return ended();
    }

    /**
     * A cell whose content the caller writes.
     *
     * @param content closes all elements that it opens
     */
    HtmlTable content(Consumer<Html> content) {
        if (begins()) {
            content.accept(html.open("td"));
            html.close();
        }
        return ended();
    }

    private HtmlTable number(String text, long value) {
        return cell(text, "class", "n", "data-v", Long.toString(value));
    }

    private HtmlTable cell(String text, String... attributes) {
        if (begins()) {
            html.element("td", text, attributes);
        }
        return ended();
    }

    /** Whether the next cell is written: rows that would make the page too large are only counted. */
    private boolean begins() {
        if (cell == 0) {
            full |= html.size() > MOST_BYTES;
            if (!full) {
                html.open("tr");
            }
        }
        return !full;
    }

    private HtmlTable ended() {
        if (++cell == columns) {
            cell = 0;
            rows++;
            if (full) {
                unwritten++;
            } else {
                html.close().line();
            }
        }
        return this;
    }

    /** Rows given so far, among them those that only {@link #end} counts. */
    int rows() {
        return rows;
    }

    /**
     * Ends the table.
     *
     * @param more so many rows were left out
     * @param what they are, such as {@code types}
     */
    void end(long more, String what) {
        if (cell != 0) {
            throw new IllegalStateException("a row of " + cell + " cells, not " + columns);
        }
        html.close().close().close();
        if (more + unwritten > 0) {
            html.element("p", "and " + Quantities.count(more + unwritten) + " more " + what, "class", "more");
        }
        html.line();
    }
}

package dev.holdfast.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: numbers to the right, names to the left and shortened in the middle. Used by one thread. */
final class TextTable {
    private static final int WIDEST_NAME = 76;

    private final List<String> headings = new ArrayList<>();
    private final List<Boolean> rightAligned = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    TextTable number(String heading) {
        headings.add(heading);
        rightAligned.add(true);
        return this;
    }

    TextTable name(String heading) {
        headings.add(heading);
        rightAligned.add(false);
        return this;
    }

    TextTable row(String... cells) {
        String[] row = new String[headings.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = rightAligned.get(i) ? cells[i] : Quantities.shortened(printable(cells[i]), WIDEST_NAME);
        }
        rows.add(row);
        return this;
    }

    /** Names come from the dump: control characters would let it write escape sequences to the terminal. */
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return text.replaceAll("\\p{Cntrl}", "?");
            }
        }
        return text;
    }

    void print(PrintWriter out, String indent) {
        int columns = headings.size();
        int[] widths = new int[columns];
        for (int c = 0; c < columns; c++) {
            widths[c] = headings.get(c).length();
            for (String[] row : rows) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        line(out, indent, headings.toArray(new String[0]), widths);
        for (String[] row : rows) {
            line(out, indent, row, widths);
        }
    }

    private void line(PrintWriter out, String indent, String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder(indent);
        for (int c = 0; c < cells.length; c++) {
            String padding = " ".repeat(widths[c] - cells[c].length());
            if (c > 0) {
                line.append("  ");
            }
            line.append(rightAligned.get(c) ? padding + cells[c] : cells[c] + padding);
        }
        out.println(line.toString().stripTrailing());
    }
}

package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** A table of tab-separated values whose first line, starting with {@code #}, names the columns. */
public final class TsvTable {
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    /** One line of a table. */
    public final class Row {
        private final String[] cells;

        private Row(String[] cells) {
            this.cells = cells;
        }

        /** The cell in the column of that name; empty if the line is shorter. */
        public String text(String column) {
            int index = columns.indexOf(column);
            if (index < 0) {
                throw new NoSuchElementException(column + " in " + columns);
            }
            return index < cells.length ? cells[index] : "";
        }

        /** A decimal number, or a hexadecimal one with {@code 0x}; {@code ROOT} is 0. */
        public long number(String column) {
            return TsvTable.number(text(column));
        }

        @Override
        public String toString() {
            return String.join("\t", cells);
        }
    }

    TsvTable(String header) {
        columns = List.of(header.substring(1).split("\t", -1));
    }

    void add(String line) {
        rows.add(new Row(line.split("\t", -1)));
    }

    public List<String> columns() {
        return columns;
    }

    public List<Row> rows() {
        return rows;
    }

    /** In a table of keys and values: the value; empty if there is no such key. */
    public String value(String key) {
        for (Row row : rows) {
            if (row.cells[0].equals(key)) {
                return row.cells.length > 1 ? row.cells[1] : "";
            }
        }
        return "";
    }

    static long number(String text) {
        if (text.equals("ROOT")) {
            return 0;
        }
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}

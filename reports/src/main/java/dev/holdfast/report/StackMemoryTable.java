package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.stack.StackAccounting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** The account of a dump's stack memory, as part of a report; nothing where the dump tells nothing of it. Immutable. */
final class StackMemoryTable {
    private final StackAccounting stacks;

    StackMemoryTable(DumpFile dump) {
        stacks = StackAccounting.of(dump.threads(), dump.stackMemory());
    }

    /** Prints a table between two empty lines. */
    void text(PrintWriter out) {
        if (stacks.rows().isEmpty()) {
            return;
        }
        TextTable table = new TextTable()
                .name("stack memory")
                .number("stacks")
                .number("bytes")
                .number("");
        for (StackAccounting.Row row : stacks.rows()) {
            add(table, row.name(), row);
        }
        table.row("all", "", Quantities.count(stacks.total()), Quantities.bytes(stacks.total()));
        for (StackAccounting.Row row : stacks.apart()) {
            add(table, "apart, of the operating system: " + row.name(), row);
        }
        out.println();
        table.print(out, "  ");
        out.println();
    }

    private static void add(TextTable table, String name, StackAccounting.Row row) {
        table.row(name, Quantities.count(row.stacks()), Quantities.count(row.bytes()), Quantities.bytes(row.bytes()));
    }

    /** Writes {@code stack_memory}. */
    void json(Json json) throws IOException {
        if (stacks.rows().isEmpty()) {
            json.nullField("stack_memory");
            return;
        }
        json.object("stack_memory", o -> {
            o.fieldOrNull("recorded_bytes", stacks.recorded())
                    .field("bytes", stacks.total())
                    .fieldOrNull("os_recorded_bytes", stacks.recordedApart());
            rows(o, "rows", stacks.rows());
            rows(o, "os_rows", stacks.apart());
        });
    }

    private static void rows(Json json, String name, List<StackAccounting.Row> rows) throws IOException {
        json.array(name, list -> {
            for (StackAccounting.Row each : rows) {
                list.element(row -> row.field("name", each.name())
                        .field("stacks", each.stacks())
                        .field("bytes", each.bytes()));
            }
        });
    }
}

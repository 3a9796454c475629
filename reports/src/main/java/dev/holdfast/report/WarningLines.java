package dev.holdfast.report;

import dev.holdfast.dump.DumpWarning;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Warnings in all reports. */
final class WarningLines {
    private WarningLines() {}

    static void text(PrintWriter out, List<DumpWarning> warnings) {
        for (DumpWarning warning : warnings) {
            out.println("  " + (warning.loss() ? "LOSS " : "note ") + line(warning));
        }
    }

    /** One line: what, how often, where. */
    static String line(DumpWarning warning) {
        String where = warning.offset() < 0 ? "" : " (first at offset " + warning.offset() + ")";
        String times = warning.count() == 1 ? "" : ": " + Quantities.count(warning.count());
        return warning.code() + ": " + warning.text() + times + where;
    }

    static void json(Json json, List<DumpWarning> warnings) throws IOException {
        json.array("warnings", list -> {
            for (DumpWarning warning : warnings) {
                list.element(row -> row.field("code", warning.code())
                        .fieldOrNull("offset", warning.offset())
                        .field("text", warning.text())
                        .field("count", warning.count()));
            }
        });
    }
}

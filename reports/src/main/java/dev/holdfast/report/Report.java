package dev.holdfast.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** The answer to one question about a heap, as text for people and as JSON for programs. */
public interface Report {
    /** Prints the answer for a person; lines fit a terminal of 100 columns unless a name is longer. */
    void writeText(PrintWriter out);

    /** Writes the answer as one JSON object, without closing the writer. */
    void writeJson(Writer out) throws IOException;
}

package dev.holdfast.report;

import java.io.IOException;
import java.io.PrintWriter;

/** A part of {@link HeapReport}: the same figures for a page, for a terminal and for programs; immutable. */
interface ReportSection {
    /** Its place on the page and its field in JSON, in snake_case. */
    String name();

    /** What stands above it on the page. */
    String heading();

    /** What the page's list of sections calls it; the first word or two of the heading would do. */
    default String shortHeading() {
        return heading();
    }

    /** Writes one field, called {@link #name}. */
    void json(Json json) throws IOException;

    /** Writes what stands below the heading; it has to say all that matters without scripts. */
    void html(Html html);

    /** Prints what belongs to the verdict on a terminal; most sections print nothing. */
    default void text(PrintWriter out) {}
}

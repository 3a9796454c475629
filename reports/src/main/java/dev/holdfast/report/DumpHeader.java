package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Which dump the report is about: file, runtime, time, and how large the heap is. */
final class DumpHeader implements ReportSection {
    private final HeapSnapshot heap;
    private final DumpInfo info;

    DumpHeader(HeapSnapshot heap) {
        this.heap = heap;
        this.info = heap.dump().info();
    }

    /** The name of a dump's file, without its folder. */
    static String fileName(DumpInfo info) {
        Path name = Path.of(info.file()).getFileName();
        return name == null ? info.file() : name.toString();
    }

    @Override
    public String name() {
        return "dump";
    }

    @Override
    public String heading() {
        return fileName(info);
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(
                name(),
                o -> o.field("file", fileName(info))
                        .field("format", info.format())
                        .field("format_version", info.formatVersion())
                        .field("runtime", info.runtime())
                        .field("taken_at", InfoReport.time(info.takenAt()))
                        .field("file_bytes", info.fileBytes())
                        .field("objects", heap.graph().objectCount())
                        .object(
                                "reachable",
                                r -> r.field("objects", heap.totals().reachableObjects())
                                        .field("shallow_bytes", heap.totals().reachableBytes()))
                        .object(
                                "unreachable",
                                r -> r.field("objects", heap.totals().unreachableObjects())
                                        .field("shallow_bytes", heap.totals().unreachableBytes())));
    }

    private String line() {
        String runtime = info.runtime();
        String taken = InfoReport.time(info.takenAt());
        return Language.of(info).format(info) + " " + Quantities.bytes(info.fileBytes())
                + (runtime == null ? "" : ", " + runtime)
                + (taken == null ? "" : ", taken " + taken);
    }

    private String sizes() {
        return Quantities.count(heap.totals().reachableObjects()) + " objects reachable, "
                + Quantities.bytes(heap.totals().reachableBytes()) + "; "
                + Quantities.count(heap.totals().unreachableObjects()) + " unreachable, "
                + Quantities.bytes(heap.totals().unreachableBytes());
    }

    @Override
    public void html(Html html) {
        html.element("p", line(), "class", "dump").element("p", sizes(), "class", "sizes");
    }

    @Override
    public void text(PrintWriter out) {
        out.println(TextTable.printable(info.file()) + ": " + TextTable.printable(line()));
        out.println(sizes());
        out.println();
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.StreamedHeap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a dump is, streamed: all of {@link InfoReport} that needs no graph. */
public final class QuickInfoReport implements Report {
    private final DumpFile dump;
    private final StreamedHeap heap;
    private final Language language;

    private QuickInfoReport(DumpFile dump, StreamedHeap heap) {
        this.dump = dump;
        this.heap = heap;
        this.language = Language.of(dump.info());
    }

    /** Reads the dump, which stays open. */
    public static QuickInfoReport of(DumpFile dump, Progress progress) throws IOException {
        return new QuickInfoReport(dump, StreamedHeap.count(dump, progress));
    }

    private long bytes() {
        long bytes = 0;
        for (DumpType type : dump.types()) {
            bytes += heap.bytes(type.index());
        }
        return bytes;
    }

    private Map<RootKind, Long> rootsByKind() {
        Map<RootKind, Long> byKind = new TreeMap<>();
        for (int i = 0; i < dump.roots().rootCount(); i++) {
            byKind.merge(dump.roots().rootKind(i), 1L, Long::sum);
        }
        for (var holder : dump.roots().holders()) {
            byKind.merge(holder.kind(), 1L, Long::sum);
        }
        return byKind;
    }

    private long typeCount() {
        return language.typeCount(dump.types());
    }

    @Override
    public void writeText(PrintWriter out) {
        DumpInfo info = dump.info();
        out.println(TextTable.printable(info.file()));
        out.printf(
                Locale.ROOT,
                "  %s %s, %s, taken %s%n",
                language.format(info),
                info.formatVersion(),
                Quantities.bytes(info.fileBytes()),
                info.takenAt() == null ? "at an unknown time" : InfoReport.time(info.takenAt()));
        out.println("  " + (info.runtime() == null ? "unknown runtime" : TextTable.printable(info.runtime())));
        out.printf(
                Locale.ROOT,
                "  %,d objects with %,d bytes (%s) in the file, reachable or not; %,d %s, %,d %s%n",
                heap.objects(),
                bytes(),
                Quantities.bytes(bytes()),
                typeCount(),
                language.types(),
                dump.threads().size(),
                language.threads());
        InfoReport.facts(out, dump.runtimeFacts());
        WarningLines.text(out, dump.warnings());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        DumpInfo info = dump.info();
        Json.write(out, json -> {
            json.field("format", info.format())
                    .field("format_version", info.formatVersion())
                    .field("runtime", info.runtime())
                    .field("taken_at", InfoReport.time(info.takenAt()))
                    .field("identifier_bytes", info.identifierBytes())
                    .field("dumps", info.dumps().size())
                    .field("types", typeCount())
                    .field("threads", dump.threads().size())
                    .field("objects", heap.objects())
                    .nullField("reachable")
                    .nullField("unreachable")
                    .nullField("reachability");
            json.object("roots", o -> {
                o.nullField("count");
                o.object("by_kind", kinds -> {
                    for (var entry : rootsByKind().entrySet()) {
                        kinds.field(entry.getKey().label(), entry.getValue());
                    }
                });
            });
            InfoReport.layout(json, language, dump.layoutInfo());
            json.nullField("typed");
            json.strings("runtime_facts", dump.runtimeFacts());
            WarningLines.json(json, dump.warnings());
            json.nullField("identities");
        });
    }
}

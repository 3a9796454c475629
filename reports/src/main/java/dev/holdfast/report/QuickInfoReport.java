package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.heap.StreamedHeap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;

/** What a dump is, streamed: all of {@link InfoReport} that needs no graph. */
public final class QuickInfoReport implements Report {
    private final StreamedTotals totals;
    private final Map<String, String> facts;
    private final Language language;

    private QuickInfoReport(StreamedTotals totals, Map<String, String> facts) {
        this.totals = totals;
        this.facts = facts;
        this.language = Language.of(totals.info());
    }

    /** Reads the dump, which stays open. */
    public static QuickInfoReport of(DumpFile dump, Progress progress) throws IOException {
        return new QuickInfoReport(StreamedHeap.count(dump, progress), dump.runtimeFacts());
    }

    /** Of a dump that was counted without a graph. */
    public static QuickInfoReport of(StreamedTotals totals) {
        return new QuickInfoReport(totals, Map.of());
    }

    private long typeCount() {
        return language.typeCount(
                totals.types().stream().map(StreamedTotals.OfType::type).toList());
    }

    @Override
    public void writeText(PrintWriter out) {
        DumpInfo info = totals.info();
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
                totals.objects(),
                totals.bytes(),
                Quantities.bytes(totals.bytes()),
                typeCount(),
                language.types(),
                totals.threads(),
                language.threads());
        InfoReport.facts(out, facts);
        WarningLines.text(out, totals.warnings());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        DumpInfo info = totals.info();
        Json.write(out, json -> {
            json.field("format", info.format())
                    .field("format_version", info.formatVersion())
                    .field("runtime", info.runtime())
                    .field("taken_at", InfoReport.time(info.takenAt()))
                    .field("identifier_bytes", info.identifierBytes())
                    .field("dumps", info.dumps().size())
                    .field("types", typeCount())
                    .field("threads", totals.threads())
                    .field("objects", totals.objects())
                    .nullField("reachable")
                    .nullField("unreachable")
                    .nullField("reachability");
            json.object("roots", o -> {
                o.nullField("count");
                o.object("by_kind", kinds -> {
                    for (var entry : totals.roots().entrySet()) {
                        kinds.field(entry.getKey().label(), entry.getValue());
                    }
                });
            });
            InfoReport.layout(json, language, totals.layout());
            json.nullField("typed");
            json.strings("runtime_facts", facts);
            WarningLines.json(json, totals.warnings());
            json.nullField("identities");
        });
    }
}

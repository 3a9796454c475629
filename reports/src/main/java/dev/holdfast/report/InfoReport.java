package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.HeapTotals;
import dev.holdfast.heap.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a dump is and whether it is whole: format, runtime, objects, roots, layout, warnings, identities. */
public final class InfoReport implements Report {
    private final HeapSnapshot heap;
    private final DumpInfo info;
    private final Language language;
    /** Bytes of reachable objects by how their type is known. */
    private final Map<Evidence, Long> typedBytes;

    private InfoReport(HeapSnapshot heap) {
        this.heap = heap;
        this.info = heap.dump().info();
        this.language = Language.of(info);
        this.typedBytes = heap.typedBytes();
    }

    private long typed(Evidence evidence) {
        return typedBytes.getOrDefault(evidence, 0L);
    }

    /** The report on a snapshot. */
    public static InfoReport of(HeapSnapshot heap) {
        return new InfoReport(heap);
    }

    private Map<RootKind, Integer> rootsByKind() {
        Map<RootKind, Integer> byKind = new TreeMap<>();
        for (int i = 0; i < heap.roots().count(); i++) {
            byKind.merge(heap.roots().kind(i), 1, Integer::sum);
        }
        for (var holder : heap.graph().holders()) {
            if (holder.parent() != dev.holdfast.dump.DumpRoots.UNDER_ROOT) {
                byKind.merge(holder.kind(), 1, Integer::sum);
            }
        }
        return byKind;
    }

    private long typeCount() {
        return language.typeCount(heap.types());
    }

    /** How a time stands in output: ISO 8601, UTC; null stays null. */
    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : DateTimeFormatter.ISO_INSTANT.format(time);
    }

    @Override
    public void writeText(PrintWriter out) {
        HeapTotals totals = heap.totals();
        out.println(TextTable.printable(info.file()));
        out.printf(
                Locale.ROOT,
                "  %s %s, %s%s, %d-byte %s%s%n",
                language.format(info),
                info.formatVersion(),
                Quantities.bytes(info.fileBytes()),
                info.dumpBytes() == info.fileBytes()
                        ? ""
                        : " (" + Quantities.bytes(info.dumpBytes()) + " uncompressed)",
                info.identifierBytes(),
                language == Language.JAVA ? "identifiers" : "words",
                info.dumps().size() > 1
                        ? ", dump " + info.dumpNumber() + " of " + info.dumps().size()
                        : "");
        out.println("  taken " + (info.takenAt() == null ? "at an unknown time" : time(info.takenAt())));
        out.println("  " + (info.runtime() == null ? "unknown runtime" : TextTable.printable(info.runtime())));
        out.println();
        TextTable objects =
                new TextTable().name("").number("objects").number("bytes").number("");
        long all = totals.reachableBytes() + totals.unreachableBytes();
        objects.row(
                "reachable",
                Quantities.count(totals.reachableObjects()),
                Quantities.count(totals.reachableBytes()),
                Quantities.bytes(totals.reachableBytes()));
        for (Strength strength : Strength.values()) {
            if (totals.objects(strength) > 0) {
                objects.row(
                        "  held " + strength.label(),
                        Quantities.count(totals.objects(strength)),
                        Quantities.count(totals.bytes(strength)),
                        Quantities.bytes(totals.bytes(strength)));
            }
        }
        objects.row(
                "unreachable",
                Quantities.count(totals.unreachableObjects()),
                Quantities.count(totals.unreachableBytes()),
                Quantities.bytes(totals.unreachableBytes()));
        objects.row(
                "in the file",
                Quantities.count(heap.graph().objectCount()),
                Quantities.count(all),
                Quantities.bytes(all));
        objects.print(out, "  ");
        out.println();
        out.printf(
                Locale.ROOT,
                "  %,d %s, %,d %s, %,d roots%n",
                typeCount(),
                language.types(),
                heap.dump().threads().size(),
                language.threads(),
                heap.roots().records());
        TextTable kinds = new TextTable().name("  roots and frames by kind").number("count");
        rootsByKind().forEach((kind, count) -> kinds.row("  " + kind.label(), Quantities.count(count)));
        kinds.print(out, "  ");
        out.println();
        if (language == Language.JAVA) {
            layoutText(out, heap.dump().layoutInfo());
        } else {
            typedText(out);
            new StackMemoryTable(heap.dump()).text(out);
            facts(out, heap.dump().runtimeFacts());
        }
        for (Identity identity : heap.identities()) {
            out.println("  " + identityLine(identity));
        }
        if (!heap.warnings().isEmpty()) {
            out.println();
            WarningLines.text(out, heap.warnings());
        }
    }

    private static String identityLine(Identity identity) {
        return identity.holds()
                ? "holds:  " + identity.name()
                : String.format(
                        Locale.ROOT,
                        "BROKEN: %s: %,d is not %,d",
                        identity.name(),
                        identity.expected(),
                        identity.actual());
    }

    private void typedText(PrintWriter out) {
        long all = heap.totals().reachableBytes();
        out.printf(
                Locale.ROOT,
                "  types of reachable bytes: %s exact, %s inferred, %s unknown (%s)%n",
                Quantities.share(typed(Evidence.EXACT), all),
                Quantities.share(typed(Evidence.INFERRED), all),
                Quantities.share(typed(Evidence.NONE), all),
                Quantities.bytes(typed(Evidence.NONE)));
    }

    /** What the runtime says of itself, a line each. */
    static void facts(PrintWriter out, Map<String, String> facts) {
        facts.forEach(
                (name, value) -> out.println("  " + TextTable.printable(name) + ": " + TextTable.printable(value)));
    }

    private static void layoutText(PrintWriter out, LayoutInfo layout) {
        out.printf(
                Locale.ROOT,
                "  object layout: header %d, references %d, alignment %d, rule %s; %s%n",
                layout.headerBytes(),
                layout.referenceBytes(),
                layout.alignmentBytes(),
                layout.rule(),
                confidence(layout));
        if (layout.notInDumpBytes() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  not in the dump: about %,d objects with %s (mirrors that the writer leaves out), in no total%n",
                    layout.notInDumpObjects(),
                    Quantities.bytes(layout.notInDumpBytes()));
        }
    }

    /** {@code layout} and {@code not_in_dump}, which a dump of which the runtime itself says the sizes does not have. */
    static void layout(Json json, Language language, LayoutInfo layout) throws IOException {
        if (language != Language.JAVA) {
            json.nullField("layout").nullField("not_in_dump");
            return;
        }
        json.object(
                "layout",
                o -> o.field("header", layout.headerBytes())
                        .field("reference", layout.referenceBytes())
                        .field("alignment", layout.alignmentBytes())
                        .field("rule", layout.rule())
                        .field("confidence", layout.confidence()));
        json.object(
                "not_in_dump",
                o -> o.field("objects", layout.notInDumpObjects()).field("bytes", layout.notInDumpBytes()));
    }

    private static String confidence(LayoutInfo layout) {
        if (layout.rule().equals("mat")) {
            return "sizes as Eclipse MAT computes them";
        }
        return layout.assumed()
                ? "ASSUMED, the dump gives no evidence"
                : String.format(Locale.ROOT, "explains %.1f %% of the distances sampled", 100 * layout.confidence());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        HeapTotals totals = heap.totals();
        Json.write(out, json -> {
            json.field("format", info.format())
                    .field("format_version", info.formatVersion())
                    .field("runtime", info.runtime())
                    .field("taken_at", time(info.takenAt()))
                    .field("identifier_bytes", info.identifierBytes())
                    .field("dumps", info.dumps().size())
                    .field("types", typeCount())
                    .field("threads", heap.dump().threads().size())
                    .field("objects", heap.graph().objectCount())
                    .object(
                            "reachable",
                            o -> o.field("objects", totals.reachableObjects())
                                    .field("shallow_bytes", totals.reachableBytes()))
                    .object(
                            "unreachable",
                            o -> o.field("objects", totals.unreachableObjects())
                                    .field("shallow_bytes", totals.unreachableBytes()))
                    .object("reachability", o -> {
                        for (Strength strength : Strength.values()) {
                            o.object(
                                    strength.label(),
                                    s -> s.field("objects", totals.objects(strength))
                                            .field("shallow_bytes", totals.bytes(strength)));
                        }
                    })
                    .object("roots", o -> {
                        o.field("count", heap.roots().records());
                        o.object("by_kind", kinds -> {
                            for (var entry : rootsByKind().entrySet()) {
                                kinds.field(entry.getKey().label(), (long) entry.getValue());
                            }
                        });
                    })
                    .object(
                            "typed",
                            o -> o.field("exact", typed(Evidence.EXACT))
                                    .field("inferred", typed(Evidence.INFERRED))
                                    .field("none", typed(Evidence.NONE)));
            layout(json, language, heap.dump().layoutInfo());
            new StackMemoryTable(heap.dump()).json(json);
            json.strings("runtime_facts", heap.dump().runtimeFacts());
            WarningLines.json(json, heap.warnings());
            json.array("identities", list -> {
                for (Identity identity : heap.identities()) {
                    list.element(row -> row.field("name", identity.name())
                            .field("expected", identity.expected())
                            .field("actual", identity.actual())
                            .field("holds", identity.holds()));
                }
            });
        });
    }
}

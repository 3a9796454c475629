package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.StreamedHeap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A runtime's own accounting of its memory, by class; of a dump that has none it says so. */
public final class MemoryReport implements Report {
    /** The class that all others add up to. */
    private static final String TOTAL = "/memory/classes/total:bytes";

    private final DumpInfo info;
    private final List<MemoryClass> classes;

    /** What the runtime says all classes are together, or null where it says nothing. */
    private final @Nullable Long recordedTotal;

    private MemoryReport(DumpInfo info, List<MemoryClass> all) {
        this.info = info;
        this.classes = all.stream().filter(each -> !each.name().equals(TOTAL)).toList();
        this.recordedTotal = all.stream()
                .filter(each -> each.name().equals(TOTAL))
                .map(MemoryClass::bytes)
                .findFirst()
                .orElse(null);
    }

    /**
     * Reads the accounting of a dump, which stays open.
     *
     * @throws IOException if the file cannot be read
     */
    public static MemoryReport of(DumpFile dump, Progress progress) throws IOException {
        if (Language.of(dump.info()) == Language.JAVA) {
            return new MemoryReport(dump.info(), List.of());
        }
        StreamedHeap.prepare(dump, progress);
        return new MemoryReport(dump.info(), dump.memoryClasses());
    }

    /** The accounting of an opened heap. */
    public static MemoryReport of(HeapSnapshot heap) {
        DumpInfo info = heap.dump().info();
        boolean java = Language.of(info) == Language.JAVA;
        return new MemoryReport(info, java ? List.of() : heap.dump().memoryClasses());
    }

    private long sum() {
        return classes.stream().mapToLong(MemoryClass::bytes).sum();
    }

    private long total() {
        return recordedTotal == null ? sum() : recordedTotal;
    }

    @Override
    public void writeText(PrintWriter out) {
        if (classes.isEmpty()) {
            out.printf("This dump (%s) records no memory accounting of the runtime.%n", info.format());
            return;
        }
        TextTable table =
                new TextTable().number("bytes").number("").number("share").name("class");
        for (MemoryClass each : classes) {
            table.row(
                    Quantities.count(each.bytes()),
                    Quantities.bytes(each.bytes()),
                    Quantities.share(each.bytes(), total()),
                    each.name());
        }
        table.row(Quantities.count(total()), Quantities.bytes(total()), "", TOTAL);
        table.print(out, "");
        if (sum() != total()) {
            out.printf(Locale.ROOT, "BROKEN: the classes add up to %,d bytes%n", sum());
        }
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(out, json -> {
            if (classes.isEmpty()) {
                json.nullField("rows").nullField("total_bytes");
                return;
            }
            json.array("rows", list -> {
                for (MemoryClass each : classes) {
                    list.element(row -> row.field("class", each.name()).field("bytes", each.bytes()));
                }
            });
            json.field("total_bytes", total());
        });
    }
}

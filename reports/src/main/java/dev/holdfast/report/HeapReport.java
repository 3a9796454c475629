package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What ate the memory, for a person in a hurry: the verdict first, then everything to look around in. As one page of HTML
 * that needs nothing else, as JSON, and as the few lines that fit a terminal. Built while the heap is open, which must stay
 * open until it is written.
 */
public final class HeapReport implements Report {
    /** The names of all sections in the order of the page: what to know first, then what to look around in. */
    private static final List<String> ORDER = List.of(
            "verdict",
            "accounting",
            "flame_graph",
            "dominators",
            "histogram",
            "largest_objects",
            "roots",
            "threads",
            "class_loaders",
            "deadlocks",
            "leaked_goroutines",
            "waste");

    private final DumpHeader header;
    private final List<ReportSection> sections;

    private HeapReport(DumpHeader header, List<ReportSection> sections) {
        this.header = header;
        this.sections = List.copyOf(sections);
    }

    /** Analyses a heap. */
    public static HeapReport of(HeapSnapshot heap, Progress progress) {
        progress.phase("analysing", -1);
        RetentionWalk walk = new RetentionWalk(heap);
        Beside beside = new Beside(heap, progress.unseen());
        WastedHeap wasted = new WastedHeap(heap, progress);
        List<ReportSection> sections = new ArrayList<>();
        Runnable walking = () -> {
            walk.run(progress);
            walk.count(progress);
            sections.add(FlameSection.of(walk));
        };
        heap.sideBySide(List.of(walking, wasted, beside));
        sections.addAll(beside.sections);
        sections.add(wasted.section(walk));
        addTypes(sections, heap, walk);
        Verdict verdict = walk.verdict();
        sections.add(new VerdictSection(heap, verdict, wasted::unused));
        sections.add(AccountingSection.of(heap, beside.account(), verdict));
        walk.release();
        sections.sort(Comparator.comparingInt(section -> ORDER.indexOf(section.name())));
        return new HeapReport(new DumpHeader(heap), sections);
    }

    private static void addTypes(List<ReportSection> sections, HeapSnapshot heap, RetentionWalk counted) {
        List<HistogramReport.Row> types =
                HistogramReport.of(heap, counted.types()).rows();
        sections.add(new HistogramSection(heap, types));
        if (Language.of(heap.dump().info()) == Language.JAVA) {
            sections.add(new LoadersSection(heap, types));
        }
    }

    /** Reads what the verdict needs of single objects, so that an index that is saved after it has them. */
    public static void readForVerdict(HeapSnapshot heap, Progress progress) {
        RetentionWalk walk = new RetentionWalk(heap);
        walk.run(progress);
        walk.count(progress);
        walk.release();
        walk.verdict();
    }

    /** All that does not need the places of the walk, which is one thread's work: another does this meanwhile. */
    private static final class Beside implements Runnable {
        private final HeapSnapshot heap;
        private final Progress progress;
        private final List<ReportSection> sections = new ArrayList<>();
        private @Nullable MemoryAccount account;

        Beside(HeapSnapshot heap, Progress progress) {
            this.heap = heap;
            this.progress = progress;
        }

        @Override
        public void run() {
            HeapNames names = new HeapNames(heap);
            account = MemoryAccount.of(heap, progress);
            sections.add(new DominatorSection(heap, names));
            sections.add(new LargestSection(heap, names));
            sections.add(new RootsSection(heap, names));
            sections.add(new ThreadsSection(heap));
            if (Language.of(heap.dump().info()) == Language.JAVA) {
                sections.add(new DeadlocksSection(heap));
            }
            if (Language.of(heap.dump().info()) == Language.GO) {
                sections.add(LeakedSection.of(heap, progress));
            }
        }

        MemoryAccount account() {
            return Objects.requireNonNull(account);
        }
    }

    @Override
    public void writeText(PrintWriter out) {
        header.text(out);
        sections.forEach(section -> section.text(out));
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(out, json -> {
            header.json(json);
            Map<String, ReportSection> byName = new HashMap<>();
            sections.forEach(section -> byName.put(section.name(), section));
            for (String name : ORDER) {
                ReportSection section = byName.get(name);
                if (section == null) {
                    // Of another language: every report has the same fields.
                    json.nullField(name);
                } else {
                    section.json(json);
                }
            }
        });
    }

    /** Writes the page, without closing the writer. */
    public void writeHtml(Writer out) throws IOException {
        out.write(new ReportPage(header, sections).html());
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What ate the memory, for a person in a hurry: the verdict first, then everything to look around in. As one page of HTML
 * that needs nothing else, as JSON, and as the few lines that fit a terminal. Built while the heap is open, which must stay
 * open until it is written.
 */
public final class HeapReport implements Report {
    private final DumpHeader header;
    private final List<ReportSection> sections;

    /** Names of the sections that only dumps of another language have. */
    private final List<String> inapplicable;

    private HeapReport(DumpHeader header, List<ReportSection> sections, List<String> inapplicable) {
        this.header = header;
        this.sections = List.copyOf(sections);
        this.inapplicable = List.copyOf(inapplicable);
    }

    /** Analyses a heap. */
    public static HeapReport of(HeapSnapshot heap, Progress progress) {
        progress.phase("analysing", -1);
        RetentionWalk walk = new RetentionWalk(heap);
        Beside beside = new Beside(heap, progress.unseen());
        WastedHeap wasted = new WastedHeap(heap, progress);
        heap.sideBySide(List.of(() -> walk.run(progress), wasted, beside));
        ReportSection waste = wasted.section(walk);
        walk.count(progress);
        List<ReportSection> sections = new ArrayList<>();
        Verdict verdict = walk.verdict();
        sections.add(new VerdictSection(heap, verdict));
        sections.add(AccountingSection.of(heap, beside.account(), verdict));
        sections.add(FlameSection.of(walk));
        sections.addAll(beside.sections);
        sections.add(waste);
        return new HeapReport(new DumpHeader(heap), sections, beside.inapplicable);
    }

    /** Reads what the verdict needs of single objects, so that an index that is saved after it has them. */
    public static void readForVerdict(HeapSnapshot heap, Progress progress) {
        RetentionWalk walk = new RetentionWalk(heap);
        walk.run(progress);
        walk.count(progress);
        walk.verdict();
    }

    /** All that does not need the places of the walk, which is one thread's work: another does this meanwhile. */
    private static final class Beside implements Runnable {
        private final HeapSnapshot heap;
        private final Progress progress;
        private final List<ReportSection> sections = new ArrayList<>();
        private final List<String> inapplicable = new ArrayList<>();
        private @Nullable MemoryAccount account;

        Beside(HeapSnapshot heap, Progress progress) {
            this.heap = heap;
            this.progress = progress;
        }

        @Override
        public void run() {
            HeapNames names = new HeapNames(heap);
            List<HistogramReport.Row> types = HistogramReport.of(heap, HistogramReport.Scope.REACHABLE, 0, true)
                    .rows();
            account = MemoryAccount.of(heap, progress);
            sections.add(new DominatorSection(heap, names));
            sections.add(new HistogramSection(heap, types));
            sections.add(new LargestSection(heap, names));
            sections.add(new RootsSection(heap, names));
            sections.add(new ThreadsSection(heap));
            switch (Language.of(heap.dump().info())) {
                case JAVA -> {
                    sections.add(new LoadersSection(heap, names, types));
                    sections.add(new DeadlocksSection(heap));
                    inapplicable.add(LeakedSection.NAME);
                }
                case GO -> {
                    sections.add(LeakedSection.of(heap, progress));
                    inapplicable.add(LoadersSection.NAME);
                    inapplicable.add(DeadlocksSection.NAME);
                }
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
            for (ReportSection section : sections) {
                section.json(json);
            }
            for (String name : inapplicable) {
                json.nullField(name);
            }
        });
    }

    /** Writes the page, without closing the writer. */
    public void writeHtml(Writer out) throws IOException {
        out.write(new ReportPage(header, sections).html());
    }
}

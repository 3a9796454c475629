package dev.holdfast.cli;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.InfoReport;
import dev.holdfast.report.QuickInfoReport;
import dev.holdfast.report.Report;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "info",
        description = "What a dump is and whether it is whole: runtime, objects, roots, object layout, warnings.")
final class InfoCommand extends HeapCommand {
    @Option(names = "--quick", description = "Streamed, without what needs the object graph.")
    private boolean quick;

    @Override
    boolean streams() {
        return quick;
    }

    @Override
    Report streamed(DumpFile dump, Session session) throws IOException {
        return QuickInfoReport.of(dump, session.progress());
    }

    @Override
    Report streamed(StreamedTotals totals) {
        return QuickInfoReport.of(totals);
    }

    @Override
    Report report(HeapSnapshot heap, Session session) {
        if (quick) {
            throw session.options().usage("--quick reads the dump itself: name DUMP too, or leave --quick away");
        }
        return InfoReport.of(heap);
    }
}

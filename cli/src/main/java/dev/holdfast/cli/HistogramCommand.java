package dev.holdfast.cli;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.HistogramReport;
import dev.holdfast.report.HistogramReport.Scope;
import dev.holdfast.report.Report;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "histogram", description = "Objects and bytes by class, the largest first.")
final class HistogramCommand extends HeapCommand {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "At most so many rows, 0 for all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--retained", description = "Also what the instances of each class retain.")
    private boolean retained;

    @Option(names = "--unreachable", description = "The unreachable objects instead of the reachable ones.")
    private boolean unreachable;

    @Option(names = "--all", description = "Every object in the file.")
    private boolean all;

    @Override
    boolean streams() {
        return all && !retained;
    }

    @Override
    Report streamed(DumpFile dump, Session session) throws IOException {
        return HistogramReport.streamed(dump, limit, session.progress());
    }

    @Override
    Report streamed(StreamedTotals totals) {
        return HistogramReport.streamed(totals, limit);
    }

    @Override
    Report report(HeapSnapshot heap, Session session) {
        Scope scope = all ? Scope.ALL : unreachable ? Scope.UNREACHABLE : Scope.REACHABLE;
        return HistogramReport.of(heap, scope, limit, retained);
    }
}

package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.InfoReport;
import dev.holdfast.report.Report;
import picocli.CommandLine.Command;

@Command(
        name = "info",
        description = "What a dump is and whether it is whole: runtime, objects, roots, object layout, warnings.")
final class InfoCommand extends HeapCommand {
    @Override
    Report report(HeapSnapshot heap, Session session) {
        return InfoReport.of(heap);
    }
}

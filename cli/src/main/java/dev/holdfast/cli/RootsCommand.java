package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.Report;
import dev.holdfast.report.RootsReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "roots", description = "The GC roots by kind and name, with what each retains.")
final class RootsCommand extends HeapCommand {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "At most so many rows, 0 for all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    Report report(HeapSnapshot heap, Session session) {
        return RootsReport.of(heap, limit);
    }
}

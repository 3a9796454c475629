package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.Report;
import dev.holdfast.report.ThreadsReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "threads", description = "The live threads: state, stack, and what each thread and frame retains.")
final class ThreadsCommand extends HeapCommand {
    @Option(names = "--frames", description = "Every frame, not only the topmost and those that retain something.")
    private boolean frames;

    @Override
    Report report(HeapSnapshot heap, Session session) {
        return ThreadsReport.of(heap, frames);
    }
}

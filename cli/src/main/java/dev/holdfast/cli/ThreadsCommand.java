package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.Report;
import dev.holdfast.report.ThreadsReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "threads", description = "The live threads: state, stack, and what each thread and frame retains.")
final class ThreadsCommand extends HeapCommand {
    @Option(names = "--frames", description = "Every frame, not only the topmost and those that retain something.")
    private boolean frames;

    @Option(
            names = "--ghost-frames",
            description = "Also what earlier calls left in the free stacks of goroutines: evidence of what ran deeper.")
    private boolean ghostFrames;

    @Override
    @Nullable
    String contradiction(String format) {
        return ghostFrames && !format.equals("go-core") ? "--ghost-frames is for cores of Go programs only" : null;
    }

    @Override
    Report report(HeapSnapshot heap, Session session) {
        ThreadsReport report = ThreadsReport.of(heap, frames);
        if (session.options().json) {
            report = report.withLeaks(heap, session.progress());
        }
        return ghostFrames ? report.withGhostFrames(heap) : report;
    }
}

package dev.holdfast.cli;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.MemoryReport;
import dev.holdfast.report.Report;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "memory",
        description = "The runtime's own memory accounting by class, as /memory/classes/... of a Go program. Needs no"
                + " object graph.")
final class MemoryCommand extends HeapCommand {
    @Override
    boolean streams() {
        return true;
    }

    @Override
    Report streamed(DumpFile dump, Session session) throws IOException {
        return MemoryReport.of(dump, session.progress());
    }

    @Override
    Report report(HeapSnapshot heap, Session session) {
        return MemoryReport.of(heap);
    }
}

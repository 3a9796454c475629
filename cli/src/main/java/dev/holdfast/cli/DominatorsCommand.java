package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.DominatorsReport;
import dev.holdfast.report.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "dominators", description = "The objects that retain most, with what holds them.")
final class DominatorsCommand extends HeapCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "At most so many rows, 0 for all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--of", paramLabel = "ADDRESS", description = "Only what this object immediately dominates.")
    @Nullable
    private String of;

    @Override
    Report report(HeapSnapshot heap, Session session) {
        if (of == null) {
            return DominatorsReport.of(heap, limit);
        }
        int object = Addresses.object(heap, DumpArguments.address(of, spec), spec);
        return DominatorsReport.below(heap, object, limit);
    }
}

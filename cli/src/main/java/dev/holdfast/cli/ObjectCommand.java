package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.ObjectReport;
import dev.holdfast.report.Report;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "object", description = "One object by its address: sizes, what holds it, fields, referrers.")
final class ObjectCommand extends HeapCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--contents", description = "Also numbers and elements, which are contents of the heap.")
    private boolean contents;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many fields and referrers, 0 for all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    int maxAddresses() {
        return 1;
    }

    @Override
    Report report(HeapSnapshot heap, Session session) throws IOException {
        if (session.arguments().addresses().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "an address is missing, such as 0x7f3a2100");
        }
        int object = Addresses.object(heap, session.arguments().addresses().get(0), spec);
        return ObjectReport.of(heap, object, contents, limit);
    }
}

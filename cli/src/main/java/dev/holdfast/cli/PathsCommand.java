package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.PathsReport;
import dev.holdfast.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "paths", description = "The shortest paths from roots to objects, or to the largest of a type.")
final class PathsCommand extends HeapCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--type", paramLabel = "NAME", description = "Objects of this type, those first that retain most.")
    @Nullable
    private String type;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "At most so many objects of the type. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--paths",
            paramLabel = "N",
            defaultValue = "1",
            description = "So many paths to each object. Default: ${DEFAULT-VALUE}.")
    private int paths;

    @Option(names = "--no-weak", description = "No paths through soft, weak, phantom and finalizer references.")
    private boolean noWeak;

    @Override
    int maxAddresses() {
        return 1000;
    }

    @Override
    Report report(HeapSnapshot heap, Session session) {
        boolean strongOnly = noWeak || session.options().references == CommonOptions.References.STRONG;
        if (limit < 1 || paths < 1) {
            throw new ParameterException(spec.commandLine(), "--limit and --paths must be at least 1");
        }
        List<Long> addresses = session.arguments().addresses();
        if ((type == null) == addresses.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name either addresses (0x...) or --type NAME");
        }
        if (type != null) {
            PathsReport report = PathsReport.toType(heap, type, limit, paths, strongOnly, session.progress());
            if (report.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "no reachable object is of type " + type);
            }
            return report;
        }
        List<Integer> objects = new ArrayList<>();
        for (long address : addresses) {
            objects.add(Addresses.object(heap, address, spec));
        }
        return PathsReport.to(heap, objects, paths, strongOnly, session.progress());
    }
}

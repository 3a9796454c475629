package dev.holdfast.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * What all commands that read a dump share: options, arguments, progress, timings.
 *
 * <p>A subclass is annotated {@code @Command(name = ..., description = ...)} and does its work in {@link #run(Session)}.
 */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisHeading = "%nUsage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false)
abstract class DumpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable HoldfastCommand parent;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(
            paramLabel = "ARGUMENT",
            description = "DUMP, then EXECUTABLE where the dump needs it; what starts with 0x is an object's address.")
    private List<String> arguments = new ArrayList<>();

    /** Does the command's work; results go to {@link Session#out()}. */
    abstract ExitCode run(Session session) throws IOException;

    /** How many addresses the command takes. */
    int maxAddresses() {
        return 0;
    }

    /** Whether the user named this file as an argument: then it is read, and not written. */
    final boolean reads(@Nullable String file) {
        return file != null && (arguments.contains(file) || file.equals(String.valueOf(options.index)));
    }

    @Override
    public final Integer call() throws IOException {
        DumpArguments dump = DumpArguments.of(arguments, maxAddresses(), options.index != null, spec);
        Interruption interruption = parent == null ? new Interruption() : parent.interruption;
        try (Session session = Session.start(options, dump, spec.commandLine(), interruption)) {
            return run(session).code();
        }
    }
}

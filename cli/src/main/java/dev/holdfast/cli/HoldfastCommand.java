package dev.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The root command: {@code holdfast COMMAND [options] DUMP [EXECUTABLE]}.
 *
 * <p>A new command is one class that extends {@link DumpCommand}, and a line in {@link Commands}.
 */
@Command(
        name = "holdfast",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        header = "Tells what is holding on to your memory: heap and core dumps to exact pprof profiles.",
        synopsisHeading = "%nUsage: ",
        customSynopsis = "holdfast COMMAND [options] DUMP [EXECUTABLE]",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holdfast demo                                 the tour: makes a leaky JVM and finds the leak",
            "  holdfast report app.hprof -o report.html      one page that says what ate the memory",
            "  holdfast profile app.hprof -o profiles        writes all profiles, prints who holds the memory",
            "  holdfast profile core app -o profiles         the same for a core dump of a Go program",
            "  holdfast info app.hprof                       what the dump is, and whether it is whole",
            "  holdfast dominators app.hprof --limit 20      the largest objects by retained size",
            "  holdfast object app.hprof 0x7f3a2100          one object: fields, referrers, what holds it",
            "",
            "'holdfast help COMMAND' explains one command and its options."
        })
final class HoldfastCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    final Interruption interruption;

    private HoldfastCommand(Interruption interruption) {
        this.interruption = interruption;
    }

    /** The command line as far as these arguments need it; without any, all of it. */
    static CommandLine commandLine(Interruption interruption, String... arguments) {
        CommandLine line = new CommandLine(new HoldfastCommand(interruption));
        Commands.addTo(line, arguments);
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        return line;
    }

    /** Without a command there is nothing to do; with --help or --version picocli does not come here. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> list = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            list.put(" " + code.code(), code.meaning());
        }
        return list;
    }
}

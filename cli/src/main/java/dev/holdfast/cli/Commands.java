package dev.holdfast.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** All commands in the order of the help: a new command is one class and one line here. */
final class Commands {
    /**
     * One command.
     *
     * @param name as its annotation has it
     * @param make makes the object that picocli fills
     */
    record Entry(String name, Supplier<Object> make) {}

    static final List<Entry> ALL = List.of(
            new Entry("demo", DemoCommand::new),
            new Entry("report", ReportCommand::new),
            new Entry("profile", ProfileCommand::new),
            new Entry("info", InfoCommand::new),
            new Entry("histogram", HistogramCommand::new),
            new Entry("dominators", DominatorsCommand::new),
            new Entry("object", ObjectCommand::new),
            new Entry("paths", PathsCommand::new),
            new Entry("roots", RootsCommand::new),
            new Entry("threads", ThreadsCommand::new),
            new Entry("memory", MemoryCommand::new),
            new Entry("help", HelpCommand::new),
            new Entry("warm-up", WarmUpCommand::new));

    private Commands() {}

    /**
     * Adds the command that the arguments name, or all where they name none: picocli reads the annotations of every command
     * that it is given, which costs time in a cold JVM.
     */
    static void addTo(CommandLine line, String... arguments) {
        List<Entry> named = ALL.stream()
                .filter(entry -> arguments.length > 0 && entry.name().equals(arguments[0]))
                .toList();
        // 'help info' has to know all of them.
        boolean all = named.isEmpty() || arguments[0].equals("help");
        for (Entry entry : all ? ALL : named) {
            line.addSubcommand(entry.make().get());
        }
    }
}

package dev.holdfast.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Runs every command that reads a dump on a dump of this JVM and forgets the results: the script runs it once after a build,
 * so that the class-data archive holds the classes of real work.
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Runs every command on a dump of itself, for the script's class-data archive.")
final class WarmUpCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        int worst = ExitCode.DONE.code();
        Path folder = Files.createTempDirectory("holdfast-warm-up-");
        try {
            Path dump = folder.resolve("self.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
            for (Commands.Entry command : Commands.ALL) {
                if (command.make().get() instanceof DumpCommand) {
                    String out = folder.resolve(command.name()).toString();
                    worst = Math.max(worst, run(command.name(), dump.toString(), "-o", out, "--progress", "--timings"));
                    worst = Math.max(worst, run(command.name(), dump.toString(), "-o", out, "--json"));
                    run("help", command.name());
                }
            }
            worst = Math.max(worst, run("info", dump.toString(), "--quick"));
            worst = Math.max(worst, run("histogram", dump.toString(), "--all"));
            HelpText.print(new StandardStream(OutputStream.nullOutputStream()));
        } finally {
            delete(folder);
        }
        return worst;
    }

    private static int run(String... arguments) {
        Interruption interruption = new Interruption();
        CommandLine line = HoldfastCommand.commandLine(interruption, arguments);
        // What a command needs beyond a dump it is not given here: then it says so, to nobody.
        return Main.execute(
                line,
                interruption,
                arguments,
                new StandardStream(OutputStream.nullOutputStream()),
                new PrintWriter(Writer.nullWriter()));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}

package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What one run of the command line gave.
 *
 * @param code its exit code
 * @param out what it wrote on standard output
 * @param err what it wrote on standard error
 */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        return of(new Interruption(), line -> line, arguments);
    }

    /** The same of a run that must end with exit code 0. */
    static CommandRun successful(String... arguments) {
        CommandRun run = of(arguments);
        assertThat(run.code())
                .as(String.join(" ", arguments) + ": " + run.err())
                .isZero();
        return run;
    }

    /** Runs the command {@code probe}, which does what it is told. */
    static CommandRun probe(Probe.Work work, String... arguments) {
        return of(new Interruption(), line -> line.addSubcommand(new Probe(work)), arguments);
    }

    static CommandRun of(Interruption interruption, Function<CommandLine, CommandLine> with, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        CommandLine line = with.apply(HoldfastCommand.commandLine(interruption));
        int code = Main.execute(line, interruption, arguments, new StandardStream(out), new PrintWriter(err));
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    /** A command whose work is given by the test. */
    @Command(name = "probe")
    static final class Probe extends DumpCommand {
        interface Work {
            ExitCode run(Session session) throws IOException;
        }

        private final Work work;

        @Nullable
        DumpArguments seen;

        Probe(Work work) {
            this.work = work;
        }

        @Override
        ExitCode run(Session session) throws IOException {
            seen = session.arguments();
            return work.run(session);
        }

        @Override
        int maxAddresses() {
            return 2;
        }
    }
}

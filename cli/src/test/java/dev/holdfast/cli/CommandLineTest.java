package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void helpNamesTheExitCodesAndExamples() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Exit codes:", "130   interrupted", "holdfast profile app.hprof");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theHelpInTheJarIsWhatTheAnnotationsSay() {
        ByteArrayOutputStream quick = new ByteArrayOutputStream();

        assertThat(HelpText.print(new StandardStream(quick))).isZero();
        assertThat(quick.toString(StandardCharsets.UTF_8))
                .as("cli/src/main/resources/dev/holdfast/cli/help.txt; copy what was expected into it")
                .isEqualTo(CommandRun.of("--help").out().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aPipeIsRefusedWhereTheDumpIsReadTwice() {
        CommandRun run = CommandRun.of("dominators", "-");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("standard input", "save the dump to a file");
    }

    @Test
    void versionNamesTheJavaItRunsOn() {
        assertThat(CommandRun.of("--version").out())
                .contains("holdfast ", Runtime.version().toString());
    }

    @Test
    void everyCommandExplainsItself() {
        for (String name :
                HoldfastCommand.commandLine(new Interruption()).getSubcommands().keySet()) {
            CommandRun run = CommandRun.of("help", name);
            assertThat(run.code()).as(name).isZero();
            assertThat(run.out()).as(name).contains("Usage: holdfast " + name);
        }
    }

    @Test
    void everyCommandGoesByTheNameItIsListedUnder() {
        assertThat(HoldfastCommand.commandLine(new Interruption())
                        .getSubcommands()
                        .keySet())
                .containsExactlyElementsOf(
                        Commands.ALL.stream().map(Commands.Entry::name).toList());
    }

    @Test
    void aNamedCommandIsTheOnlyOneThatIsSetUp() {
        assertThat(HoldfastCommand.commandLine(new Interruption(), "info", "a").getSubcommands())
                .containsOnlyKeys("info");
        assertThat(HoldfastCommand.commandLine(new Interruption(), "help", "info")
                        .getSubcommands())
                .containsKeys("info", "help");
    }

    @Test
    void noCommandIsWrongUsage() {
        CommandRun run = CommandRun.of();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("holdfast: a command is missing; see 'holdfast --help'");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        CommandRun run = CommandRun.of("histogramm");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("holdfast: unknown command or option 'histogramm'; see 'holdfast --help'");
    }

    @Test
    void argumentsAreToldApartByTheirShape() {
        List<DumpArguments> seen = new ArrayList<>();
        CommandRun run = CommandRun.probe(
                session -> {
                    seen.add(session.arguments());
                    return ExitCode.DONE;
                },
                "probe",
                "0xffffffffffffffff",
                "app.core",
                "--json",
                "0x7f",
                "app");

        assertThat(run.err()).isEmpty();
        assertThat(seen).containsExactly(new DumpArguments(Path.of("app.core"), Path.of("app"), List.of(-1L, 0x7fL)));
    }

    @Test
    void wrongArgumentsAreWrongUsage() {
        assertUsage("DUMP is missing", "probe", "0x10");
        assertUsage("one DUMP and one EXECUTABLE at most, but also 'c'", "probe", "a", "b", "c");
        assertUsage("at most 2 address here, not 3", "probe", "a", "0x1", "0x2", "0x3");
        assertUsage("'0xzz' is not an address", "probe", "a", "0xzz");
        assertUsage("'0x-1' is not an address", "probe", "a", "0x-1");
        assertUsage("'0x' is not an address", "probe", "a", "0x");
        assertUsage("'0x11112222333344445' is not an address", "probe", "a", "0x11112222333344445");
        assertUsage("--threads must be at least 1, not 0", "probe", "a", "--threads", "0");
        assertUsage("--dump-number counts from 1, not 0", "probe", "a", "--dump-number=0");
        assertUsage("--strict and --lenient exclude each other", "probe", "a", "--strict", "--lenient");
    }

    private static void assertUsage(String what, String... arguments) {
        CommandRun run = CommandRun.probe(
                session -> {
                    assertThat(session.options().dumpOptions()).isNotNull();
                    return ExitCode.DONE;
                },
                arguments);
        assertThat(run.err()).isEqualToIgnoringNewLines("holdfast: " + what + "; see 'holdfast probe --help'");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void commonOptionsReachTheReader() {
        CommandRun run = CommandRun.probe(
                session -> {
                    CommonOptions options = session.options();
                    assertThat(options.dumpOptions().strict()).isTrue();
                    assertThat(options.dumpOptions().mat()).isTrue();
                    assertThat(options.dumpOptions().threads()).isEqualTo(3);
                    assertThat(options.dumpOptions().dumpNumber()).isEqualTo(OptionalInt.of(2));
                    assertThat(options.dumpOptions().workDir()).isEqualTo(Path.of("scratch"));
                    assertThat(options.references).isEqualTo(CommonOptions.References.STRONG);
                    assertThat(options.out).isEqualTo(Path.of("there"));
                    assertThat(options.heap).isEqualTo("2g");
                    return ExitCode.LOSSES;
                },
                "probe",
                "a",
                "--strict",
                "--mat",
                "--threads=3",
                "--dump-number=2",
                "--work-dir=scratch",
                "--references=strong",
                "-o",
                "there",
                "--heap",
                "2g");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(4);
    }

    @Test
    void typeNamesOutsideAsciiArePrintedAsUtf8() {
        CommandRun run = CommandRun.probe(
                session -> {
                    session.out().println("Größe 堆");
                    return ExitCode.DONE;
                },
                "probe",
                "a");

        assertThat(run.out()).isEqualToIgnoringNewLines("Größe 堆");
    }
}

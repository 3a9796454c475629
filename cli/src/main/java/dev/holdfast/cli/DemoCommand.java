package dev.holdfast.cli;

import dev.holdfast.cli.demo.LeakyShop;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.HeapReport;
import dev.holdfast.report.ProfileLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "The tour: starts a small program with a leak, dumps its heap, writes the profiles and a page, and finds the leak.",
            "Files go to --out, default ./holdfast-demo."
        })
final class DemoCommand implements Callable<Integer> {
    private static final long SECONDS = 120;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable HoldfastCommand parent;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        Path folder = options.out == null ? Path.of("holdfast-demo") : options.out;
        Files.createDirectories(folder);
        Path dump = folder.resolve("leaky-shop.hprof");
        Files.deleteIfExists(dump);
        out.println("Starting " + LeakyShop.class.getName() + ", a program with a leak, and dumping its heap ...");
        out.flush();
        makeDump(dump);
        out.println("$ holdfast profile " + dump + " -o " + folder);
        out.println();
        Interruption interruption = parent == null ? new Interruption() : parent.interruption;
        DumpArguments arguments = new DumpArguments(dump, null, List.of());
        try (Session session = Session.start(options, arguments, spec.commandLine(), interruption)) {
            Path page = folder.resolve("report.html");
            ExitCode code;
            try (HeapSnapshot heap = HeapCommand.openHeap(session, format -> null)) {
                ProfileCommand.write(heap, session, folder, ProfileLimits.DEFAULT, null, false);
                ReportCommand.page(HeapReport.of(heap, session.progress()), page);
                code = HeapCommand.outcome(heap.warnings());
            }
            out.println();
            out.println("The same as a page, with pictures: " + page);
            out.println("The leak is at the top: " + LeakyShop.LEAK + ". Next:");
            out.println("  holdfast dominators " + dump + " --limit 10");
            out.println("  holdfast paths " + dump + " --type '" + LeakyShop.LEAKED_TYPE + "' --limit 1");
            out.flush();
            return code.code();
        }
    }

    private static void makeDump(Path dump) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeakyShop.class.getName(),
                        dump.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("the demo's program failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the demo's program ran", e);
        }
    }
}

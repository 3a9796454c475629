package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.HeapReport;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Says what ate the memory: writes one self-contained page to --out FILE.html and prints the"
                + " verdict; without --out it prints the verdict only.")
final class ReportCommand extends DumpCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--text", description = "The verdict as text, also into --out. Default without --out.")
    private boolean text;

    @Override
    ExitCode run(Session session) throws IOException {
        SavedIndex.checkOptions(session);
        if (text && session.options().json) {
            throw new ParameterException(spec.commandLine(), "--text and --json exclude each other");
        }
        try (HeapSnapshot heap = HeapCommand.openHeap(session, format -> null)) {
            HeapReport report = HeapReport.of(heap, session.progress());
            Path out = session.options().out;
            if (out == null || text || session.options().json) {
                HeapCommand.deliver(report, session);
            } else {
                page(report, out);
                HeapCommand.print(report, session);
                session.out().println("The page: " + PlainText.line(out.toString()));
                session.out().flush();
            }
            SavedIndex.saveJudged(heap, session);
            return HeapCommand.outcome(heap.warnings());
        }
    }

    /** Writes the page into a file, which is replaced as a whole. */
    static void page(HeapReport report, Path out) throws IOException {
        AtomicFiles.write(out, file -> {
            Writer writer = new OutputStreamWriter(file, StandardCharsets.UTF_8);
            report.writeHtml(writer);
            writer.flush();
        });
    }
}

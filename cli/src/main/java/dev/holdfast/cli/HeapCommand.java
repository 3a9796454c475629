package dev.holdfast.cli;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.report.Report;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that asks one question of a heap and prints the answer. */
abstract class HeapCommand extends DumpCommand {
    static final String HPROF = "hprof";

    /** Why options make no sense for a format, or null if they do. */
    interface Contradiction {
        @Nullable
        String of(String format);
    }

    /** Whether the options ask for an answer that needs no graph. */
    boolean streams() {
        return false;
    }

    /** Answers the question without a graph; only called if {@link #streams}. */
    Report streamed(DumpFile dump, Session session) throws IOException {
        throw new UnsupportedOperationException(getClass().getName());
    }

    /** Answers the question of a dump that was counted without a graph; only called if {@link #streams}. */
    Report streamed(StreamedTotals totals) {
        throw new UnsupportedOperationException(getClass().getName());
    }

    /** Why this command's own options make no sense for a format, or null. */
    @Nullable
    String contradiction(String format) {
        return null;
    }

    /** Answers the question. */
    abstract Report report(HeapSnapshot heap, Session session) throws IOException;

    @Override
    ExitCode run(Session session) throws IOException {
        SavedIndex.checkOptions(session);
        if (streams() && session.arguments().isStandardInput()) {
            StreamedTotals totals = DumpFile.stream(
                    System.in,
                    DumpArguments.INPUT_NAME,
                    session.options().pipeOptions(session.arguments()),
                    session.progress());
            deliver(streamed(totals), session);
            return outcome(totals.warnings());
        }
        if (streams() && session.arguments().file() != null) {
            return stream(session);
        }
        try (HeapSnapshot heap = openHeap(session, this::contradiction)) {
            deliver(report(heap, session), session);
            SavedIndex.save(heap, session);
            return outcome(heap.warnings());
        }
    }

    private ExitCode stream(Session session) throws IOException {
        SavedIndex.check(session);
        ExitCode code;
        try (DumpFile dump = openDump(session)) {
            deliver(streamed(dump, session), session);
            boolean agrees = dump.identities().stream().allMatch(DumpIdentity::holds);
            code = agrees ? outcome(dump.warnings()) : ExitCode.LOSSES;
        }
        if (session.options().saveIndex != null) {
            try (HeapSnapshot heap = openHeap(session, format -> null)) {
                SavedIndex.save(heap, session);
            }
        }
        return code;
    }

    /** Prints a report, or writes it into the file that --out names. */
    static void deliver(Report report, Session session) throws IOException {
        Path file = session.options().out;
        if (file == null) {
            print(report, session);
        } else {
            AtomicFiles.write(file, out -> write(report, session.options().json, out));
        }
    }

    /**
     * The heap that the arguments name: of an index, or built; the options have been checked.
     *
     * @param contradiction why the command's options make no sense for a format, or null
     */
    static HeapSnapshot openHeap(Session session, Contradiction contradiction) throws IOException {
        if (session.options().index != null) {
            HeapSnapshot heap = SavedIndex.reopen(session);
            String format = heap.dump().info().format();
            refuse(heap, format, contradiction(format, heap.dump().options()), session);
            refuse(heap, format, contradiction.of(format), session);
            return heap;
        }
        DumpFile dump = openDump(session);
        refuse(dump, dump.info().format(), contradiction.of(dump.info().format()), session);
        return open(SavedIndex.remembering(dump, session), session);
    }

    /** Builds the graph of an opened dump. */
    static HeapSnapshot open(DumpFile dump, Session session) throws IOException {
        return HeapSnapshot.open(dump, snapshotOptions(session.options()), session.progress());
    }

    /** Opens the dump that the arguments name. */
    static DumpFile openDump(Session session) throws IOException {
        CommonOptions options = session.options();
        DumpOptions reading = options.dumpOptions(session.arguments());
        if (session.arguments().isStandardInput()) {
            throw options.usage(
                    "standard input can be read only once, and this has to look back: save the dump to a file"
                            + " first (cat > FILE); 'info --quick' and 'histogram --all' do read a pipe");
        }
        DumpFile dump;
        try {
            dump = DumpFile.open(session.arguments().dump(), reading, session.progress());
        } catch (IllegalArgumentException e) {
            throw options.usage(String.valueOf(e.getMessage()));
        }
        refuse(dump, dump.info().format(), contradiction(dump.info().format(), reading), session);
        return dump;
    }

    /** Closes a dump and says why the options make no sense for it, if there is a reason. */
    private static void refuse(Closeable opened, String format, @Nullable String reason, Session session)
            throws IOException {
        if (reason != null) {
            try (opened) {
                Path named = session.arguments().file();
                throw session.options()
                        .usage((named == null ? session.options().index : named) + " is a dump of format " + format
                                + ": " + reason);
            }
        }
    }

    /** Why the options make no sense for a format, or null: only the opened file knows what it is. */
    private static @Nullable String contradiction(String format, DumpOptions options) {
        if (options.mat() && !format.equals(HPROF)) {
            return "--mat is for HPROF dumps only, Eclipse Memory Analyzer reads no other";
        }
        if (options.executable() != null && format.equals(HPROF)) {
            return "it needs no executable";
        }
        return options.profileNow() && format.equals(HPROF) ? "--profile-now is for core dumps only" : null;
    }

    static SnapshotOptions snapshotOptions(CommonOptions options) {
        SnapshotOptions snapshot = SnapshotOptions.DEFAULT
                .withThreads(options.dumpOptions().threads())
                .withWorkDir(options.workDir)
                .withMemory(
                        switch (options.memory) {
                            case AUTO -> SnapshotOptions.Memory.AUTOMATIC;
                            case HEAP -> SnapshotOptions.Memory.HEAP;
                            case MAPPED -> SnapshotOptions.Memory.MAPPED;
                        });
        return options.references == CommonOptions.References.STRONG
                ? snapshot.withReferences(SnapshotOptions.References.STRONG)
                : snapshot;
    }

    /** The whole text first: a {@code PrintWriter} on the file would keep a full disk to itself. */
    private static void write(Report report, boolean json, OutputStream out) throws IOException {
        StringWriter text = new StringWriter();
        write(report, json, text);
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Report report, boolean json, Writer out) throws IOException {
        PrintWriter writer = new PrintWriter(new PlainText(out, json));
        if (json) {
            report.writeJson(writer);
        } else {
            report.writeText(writer);
        }
        writer.flush();
    }

    /** Prints a report as text or as JSON. */
    static void print(Report report, Session session) throws IOException {
        session.pauseBar();
        write(report, session.options().json, session.out());
        session.out().flush();
    }

    /** Whether anything was lost. */
    static ExitCode outcome(List<DumpWarning> warnings) {
        return warnings.stream().anyMatch(DumpWarning::loss) ? ExitCode.LOSSES : ExitCode.DONE;
    }
}

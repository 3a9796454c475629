package dev.holdfast.cli;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.report.HeapReport;
import dev.holdfast.roots.UnreachableReasons;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What {@code --save-index} and {@code --index} do. */
final class SavedIndex {
    private SavedIndex() {}

    /** Says what cannot be done before minutes of work are. */
    static void checkOptions(Session session) throws IOException {
        CommonOptions options = session.options();
        Path target = options.saveIndex;
        if (session.arguments().isStandardInput() && (target != null || options.index != null)) {
            throw options.usage("an index is of a file, not of standard input; save the dump to a file first");
        }
        if (target == null) {
            return;
        }
        if (options.index != null) {
            throw options.usage("--index has the heap saved already; leave --save-index away");
        }
        if (Files.exists(target) && Files.isSameFile(target, session.arguments().dump())) {
            throw options.usage("--save-index would write over the dump; name another file");
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(target.toString());
        }
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(target.toString());
        }
    }

    /** Reopens the heap that {@code --index} names; with other options than those it was saved with it is a usage error. */
    static HeapSnapshot reopen(Session session) throws IOException {
        CommonOptions options = session.options();
        Path index = options.index;
        if (index == null) {
            throw new IllegalArgumentException("no index is named");
        }
        DumpOptions reading = options.dumpOptions(session.arguments());
        try {
            return Holdfast.reopen(index, session.arguments().file(), reading, HeapCommand.snapshotOptions(options));
        } catch (IllegalArgumentException e) {
            throw options.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Checks that an index is of the dump, for a command that does not need it. */
    static void check(Session session) throws IOException {
        if (session.options().index != null) {
            reopen(session).close();
        }
    }

    /** The dump, which remembers what is read of single objects if its heap is to be saved. */
    static DumpFile remembering(DumpFile dump, Session session) {
        return session.options().saveIndex == null ? dump : Holdfast.rememberingReads(dump);
    }

    /** Saves the heap if {@code --save-index} asks for it, with what a verdict on it needs. */
    static void save(HeapSnapshot heap, Session session) throws IOException {
        save(heap, false, session);
    }

    /** The same after a command that gave the verdict, and so has read what it needs. */
    static void saveJudged(HeapSnapshot heap, Session session) throws IOException {
        save(heap, true, session);
    }

    private static void save(HeapSnapshot heap, boolean judged, Session session) throws IOException {
        Path target = session.options().saveIndex;
        if (target == null) {
            return;
        }
        if (heap.dump().info().format().equals(HeapCommand.HPROF)) {
            // Reads what the answers about unreachable objects need, whatever the command was.
            UnreachableReasons.find(heap, session.progress());
        } else if (!judged) {
            // How long the largest arrays are, and whether they are ballast.
            HeapReport.readForVerdict(heap, session.progress());
        }
        heap.saveIndex(target, session.progress());
        session.pauseBar();
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** A heap opened for a test of its profiles. */
final class ProfiledHeap implements AutoCloseable {
    /** What the heap is: which references count, and whose model. */
    enum Model {
        EXACT,
        STRONG,
        MAT;

        DumpOptions reading() {
            return DumpOptions.DEFAULT.withMat(this == MAT);
        }

        SnapshotOptions graph() {
            return this == STRONG
                    ? SnapshotOptions.DEFAULT.withReferences(SnapshotOptions.References.STRONG)
                    : SnapshotOptions.DEFAULT;
        }
    }

    /** No sample folded, no label left out. */
    static final ProfileLimits EVERYTHING = new ProfileLimits(0, Long.MAX_VALUE, Integer.MAX_VALUE);

    private final HeapSnapshot heap;

    private ProfiledHeap(HeapSnapshot heap) {
        this.heap = heap;
    }

    static ProfiledHeap open(Path dump) throws IOException {
        return open(dump, Model.EXACT);
    }

    static ProfiledHeap open(Path dump, Model model) throws IOException {
        return open(dump, model.reading(), model.graph());
    }

    static ProfiledHeap open(Path dump, DumpOptions reading, SnapshotOptions graph) throws IOException {
        return new ProfiledHeap(Holdfast.open(dump, reading, graph, Progress.NONE));
    }

    HeapSnapshot heap() {
        return heap;
    }

    ProfileSet profiles(ProfileLimits limits) {
        return ProfileSet.of(heap, limits, Progress.NONE);
    }

    /** The summary as text. */
    String summary(ProfileSet profiles) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ProfileSummary.of(heap, profiles, Path.of("profiles")).writeText(out);
        out.flush();
        return text.toString();
    }

    static Profile profile(ProfileSet set, String fileName) {
        return set.profiles().stream()
                .filter(named -> named.fileName().equals(fileName))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + fileName))
                .profile();
    }

    @Override
    public void close() throws IOException {
        heap.close();
    }
}

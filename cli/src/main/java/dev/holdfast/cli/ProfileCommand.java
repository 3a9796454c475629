package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.ProfileLimits;
import dev.holdfast.report.ProfileSet;
import dev.holdfast.report.ProfileSummary;
import dev.holdfast.stack.FreeSpace;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "profile",
        description = "Writes all pprof profiles that the dump supports and prints a summary: what the dump is,"
                + " who retains most, and how to open the profiles.")
final class ProfileCommand extends DumpCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--max-samples",
            paramLabel = "N",
            defaultValue = "16000",
            description = "Samples per profile, 0 for all; the smallest become (other). Default: ${DEFAULT-VALUE}.")
    private int maxSamples;

    @Option(
            names = "--profile-now",
            description = "Profiles that the runtime recorded also count what it would publish only after the next"
                    + " collections (Go cores).")
    private boolean profileNow;

    @Option(
            names = "--stack-free",
            paramLabel = "WHERE",
            description = "Where stacks.pb.gz shows free stack space (Go): entry, below the function that a goroutine"
                    + " was started with; leaf; root, in one frame; total, as the own value of a frame around all;"
                    + " used, not at all; goroutine, with a label for each. Default: entry.")
    private @Nullable FreeSpace stackFree;

    @Option(
            names = "--waste",
            description = "Also waste.pb.gz: duplicate strings, empty and sparse collections, unused capacity and the"
                    + " like, by what holds them. Takes one more pass over the dump.")
    private boolean waste;

    @Override
    ExitCode run(Session session) throws IOException {
        @Nullable Path out = session.options().out;
        if (out == null) {
            throw new ParameterException(spec.commandLine(), "--out DIR is missing: where the profiles go");
        }
        if (maxSamples < 0) {
            throw new ParameterException(spec.commandLine(), "--max-samples is negative");
        }
        session.options().profileNow = profileNow;
        SavedIndex.checkOptions(session);
        try (HeapSnapshot heap = HeapCommand.openHeap(
                session,
                format -> stackFree != null && format.equals(HeapCommand.HPROF)
                        ? "--stack-free is for dumps of Go programs only"
                        : null)) {
            write(heap, session, out, ProfileLimits.DEFAULT.withMaxSamples(maxSamples), stackFree, waste);
            SavedIndex.saveJudged(heap, session);
            return HeapCommand.outcome(heap.warnings());
        }
    }

    /**
     * Writes the profiles of a heap and prints the summary.
     *
     * @param free where free stack space is shown, null if nobody asked
     * @param waste whether what is wasted has a profile too
     */
    static void write(
            HeapSnapshot heap,
            Session session,
            Path folder,
            ProfileLimits limits,
            @Nullable FreeSpace free,
            boolean waste)
            throws IOException {
        FreeSpace where = free == null ? FreeSpace.ENTRY : free;
        ProfileSet profiles = ProfileSet.of(heap, limits, where, waste, session.progress());
        profiles.write(folder);
        HeapCommand.print(ProfileSummary.of(heap, profiles, folder), session);
    }
}

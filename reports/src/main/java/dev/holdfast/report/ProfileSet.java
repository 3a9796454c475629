package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.WholeFile;
import dev.holdfast.roots.LargestRetainers;
import dev.holdfast.roots.Verdict;
import dev.holdfast.stack.FreeSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All profiles that a dump supports, and what the summary says beside them; built and ready to be written; immutable. */
public final class ProfileSet {
    /**
     * A profile with the name of its file.
     *
     * @param fileName such as {@code roots.pb.gz}
     * @param profile what goes into the file
     */
    public record Named(String fileName, Profile profile) {}

    /** So many retainers the summary names. */
    private static final int LARGEST = 3;

    private final List<Part> parts;
    private final List<Integer> largestRetainers;
    private final String wasteRemark;
    private final Verdict verdict;

    private ProfileSet(List<Part> parts, List<Integer> largestRetainers, String wasteRemark, Verdict verdict) {
        this.wasteRemark = wasteRemark;
        this.verdict = verdict;
        this.parts = List.copyOf(parts);
        this.largestRetainers = List.copyOf(largestRetainers);
    }

    /** A profile on its way into a file; each is made by one thread. */
    private static final class Part implements Runnable {
        private final String fileName;
        private final Supplier<Profile> making;
        private @Nullable Profile profile;
        private byte[] file = {};

        Part(String fileName, Supplier<Profile> making) {
            this.fileName = fileName;
            this.making = making;
        }

        @Override
        public void run() {
            Profile made = making.get();
            file = PprofWriter.gzip(made);
            profile = made;
        }

        Named named() {
            return new Named(fileName, Objects.requireNonNull(profile));
        }
    }

    /** Builds the profiles of a heap. */
    public static ProfileSet of(HeapSnapshot heap, ProfileLimits limits, Progress progress) {
        return of(heap, limits, FreeSpace.ENTRY, progress);
    }

    /**
     * Builds the profiles of a heap.
     *
     * @param free where the profile of stack memory shows free space
     */
    public static ProfileSet of(HeapSnapshot heap, ProfileLimits limits, FreeSpace free, Progress progress) {
        return of(heap, limits, free, false, progress);
    }

    /**
     * Builds the profiles of a heap.
     *
     * @param free where the profile of stack memory shows free space
     * @param waste whether what is wasted has a profile too, which takes one more pass over the dump
     */
    public static ProfileSet of(
            HeapSnapshot heap, ProfileLimits limits, FreeSpace free, boolean waste, Progress progress) {
        RetentionWalk walk = new RetentionWalk(heap);
        Beside beside = new Beside(heap, limits, free, progress.unseen());
        WastedHeap wasted = new WastedHeap(heap, progress);
        List<Runnable> tasks = new ArrayList<>();
        tasks.add(() -> walk.run(progress));
        tasks.add(beside);
        if (waste) {
            tasks.add(wasted);
        }
        heap.sideBySide(tasks);
        WasteHolders holders = wasted.holders(walk);
        walk.count(progress);
        walk.release();
        progress.phase("building profiles", -1);
        boolean allocated = heap.dump().allocationSites().count() > 0;
        String bySites = allocated ? ", where the dump records it by allocation stack" : "";
        Part inUse = new Part(
                "inuse.pb.gz",
                () -> walk.inUse(
                        described(
                                ProfileBuilder.inUse(),
                                heap,
                                "shallow size of reachable objects, by type and package" + bySites),
                        limits));
        Part roots = new Part(
                "roots.pb.gz",
                () -> walk.roots(
                        described(
                                ProfileBuilder.inUse(),
                                heap,
                                "shallow size of reachable objects at their path in the dominator tree:"
                                        + " the cumulative value of a frame is what its objects retain"),
                        limits));
        Judging judging = new Judging(walk);
        heap.sideBySide(List.of(inUse, roots, judging));
        List<Part> parts = new ArrayList<>(List.of(inUse, roots));
        parts.addAll(beside.parts);
        if (holders != null) {
            String method = "what could be saved, at its path in the dominator tree; leaves are kinds of waste";
            Part wastes = new Part(
                    "waste.pb.gz",
                    () -> WasteProfile.of(holders, described(WasteProfile.builder(), heap, method), limits));
            wastes.run();
            parts.add(wastes);
        }
        return new ProfileSet(
                parts, beside.largest, waste ? wasted.remark() : "", Objects.requireNonNull(judging.verdict));
    }

    /** The verdict, found while the profiles are written. */
    private static final class Judging implements Runnable {
        private final RetentionWalk walk;
        private @Nullable Verdict verdict;

        Judging(RetentionWalk walk) {
            this.walk = walk;
        }

        @Override
        public void run() {
            verdict = walk.verdict();
        }
    }

    /** All that does not need the places of the walk, which is one thread's work: another does this meanwhile. */
    private static final class Beside implements Runnable {
        private final HeapSnapshot heap;
        private final Progress progress;
        private final List<Part> parts = new ArrayList<>();
        private List<Integer> largest = List.of();

        Beside(HeapSnapshot heap, ProfileLimits limits, FreeSpace free, Progress progress) {
            this.heap = heap;
            this.progress = progress;
            if (heap.totals().unreachableObjects() > 0) {
                String method = "shallow size of objects in the file that no root reaches, by reason";
                parts.add(new Part(
                        "unreachable.pb.gz",
                        () -> UnreachableProfile.of(
                                heap, described(UnreachableProfile.builder(), heap, method), limits, progress)));
            }
            if (Language.of(heap.dump().info()) == Language.JAVA
                    && !heap.dump().threads().isEmpty()) {
                String method = "what the locals of each frame exclusively retain";
                parts.add(new Part(
                        "threads.pb.gz",
                        () -> ThreadsProfile.of(heap, described(ThreadsProfile.builder(), heap, method), limits)));
            }
            if (heap.dump().threads().stream().anyMatch(GoroutinesProfile::isProfiled)) {
                String method = "goroutines by call stack, as the runtime profiles them, and how long they have waited";
                parts.add(new Part(
                        "goroutines.pb.gz",
                        () -> GoroutinesProfile.of(
                                heap.dump(), described(GoroutinesProfile.builder(), heap, method), limits)));
            }
            if (StacksProfile.supports(heap.dump())) {
                String method = "stack memory by frame, each at its own size; free space: "
                        + free.name().toLowerCase(Locale.ROOT);
                parts.add(new Part(
                        "stacks.pb.gz",
                        () -> StacksProfile.of(
                                heap.dump(), free, described(StacksProfile.builder(), heap, method), limits)));
            }
            for (RecordedProfile recorded : heap.dump().recordedProfiles()) {
                if (!recorded.samples().isEmpty()) {
                    String method = "the runtime's own " + recorded.name() + " profile, from its records in memory";
                    parts.add(new Part(
                            RuntimeProfile.fileName(recorded),
                            () -> RuntimeProfile.of(
                                    recorded, described(RuntimeProfile.builder(recorded), heap, method), limits)));
                }
            }
        }

        @Override
        public void run() {
            parts.forEach(Part::run);
            largest = LargestRetainers.find(heap, LARGEST, progress);
        }
    }

    private static ProfileBuilder described(ProfileBuilder builder, HeapSnapshot heap, String method) {
        DumpInfo info = heap.dump().info();
        String file = DumpHeader.fileName(info);
        Instant taken = info.takenAt();
        if (taken != null) {
            builder.timeNanos(nanos(taken));
        }
        // The program, not the dump: samples of two dumps only merge under -diff_base if their mappings are equal.
        builder.mapping(Language.of(info).mapping());
        builder.comment("dump: " + file + ", " + info.format() + " " + info.formatVersion()
                + (info.runtime() == null ? "" : ", " + info.runtime()));
        builder.comment("method: " + method + (heap.dump().layoutInfo().rule().equals("mat") ? "; sizes as MAT" : ""));
        for (DumpWarning warning : heap.warnings()) {
            builder.comment("warning: " + WarningLines.line(warning));
        }
        return builder;
    }

    /** A forged time may lie beyond what nanoseconds since 1970 can say. */
    private static long nanos(Instant taken) {
        long limit = Long.MAX_VALUE / 1_000_000_000L;
        long seconds = taken.getEpochSecond();
        return seconds < 0 || seconds >= limit ? 0 : seconds * 1_000_000_000L + taken.getNano();
    }

    /** The profiles in the order in which they are named in output. */
    public List<Named> profiles() {
        return parts.stream().map(Part::named).toList();
    }

    /** Where most memory begins to spread, for the summary; found beside the profiles, while a thread has nothing to do. */
    List<Integer> largestRetainers() {
        return largestRetainers;
    }

    /** What ate the memory, for the summary. */
    Verdict verdict() {
        return verdict;
    }

    /** What the limits made of the profiles, each remark once. */
    public List<String> warnings() {
        Set<String> all = new TreeSet<>();
        for (Named named : profiles()) {
            for (String warning : named.profile.warnings()) {
                all.add(named.fileName + ": " + warning);
            }
        }
        if (!wasteRemark.isEmpty()) {
            all.add("waste.pb.gz: " + wasteRemark);
        }
        return List.copyOf(all);
    }

    /** Writes all into a folder, which is created if it is absent; each file is replaced as a whole. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Part part : parts) {
            WholeFile.write(folder.resolve(part.fileName), file -> Files.write(file, part.file));
        }
    }
}

package dev.holdfast.roots;

import dev.holdfast.heap.HeapSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds what ate the memory in the dominator tree folded into frames.
 *
 * <p>From each root by name, and each type that several roots hold together, it follows what retains at least 70 % of what
 * is above it, as Eclipse Memory Analyzer does from object to object (hprof.md 5.7); here from frame to frame, so that ten
 * thousand goroutines of one function, or a million entries of one map, are a step like any other. Where up to three large
 * ones make up nearly all, each is followed. Stateless; memory: a few lists, whatever the heap.
 */
public final class SuspectSearch {
    /** So much of the heap makes a suspect, as in Eclipse Memory Analyzer's report. */
    private static final double SHARE = 0.1;

    /**
     * So much of the heap makes a suspect of objects that no owner alone holds. More, because that a program has many objects
     * of a type is mostly what it is for: trees of a compiler that compiles are 18 % of its heap.
     */
    private static final double OWNERLESS_SHARE = 0.25;

    /** Less is nobody's trouble: the classes of a JVM that does nothing take as much. */
    private static final long LEAST_BYTES = 1 << 20;

    /** Such a heap is small. */
    private static final long SMALL_HEAP = 4 << 20;

    private static final double CHAIN = 0.7;
    private static final double BRANCH = 0.15;
    private static final double FORK = 0.8;
    private static final int MOST = 3;

    private final HeapSnapshot heap;
    private final RetainedFrames frames;
    private final SuspectDetails details;
    private final long total;
    private final List<Suspect> found = new ArrayList<>();

    private SuspectSearch(HeapSnapshot heap, RetainedFrames frames, RootNames names) {
        this.heap = heap;
        this.frames = frames;
        this.details = new SuspectDetails(heap, frames, names);
        this.total = frames.retained(RetainedFrames.ROOT);
    }

    /** The verdict on a heap, given its dominator tree in frames. */
    public static Verdict verdict(HeapSnapshot heap, RetainedFrames frames, RootNames names) {
        return new SuspectSearch(heap, frames, names).verdict();
    }

    private Verdict verdict() {
        for (int kind = frames.firstChild(RetainedFrames.ROOT); kind >= 0; kind = frames.nextSibling(kind)) {
            for (int top = frames.firstChild(kind); top >= 0; top = frames.nextSibling(top)) {
                if (frames.retained(top) >= least(SHARE)) {
                    follow(top);
                }
            }
        }
        found.removeIf(details::isRuntimes);
        found.replaceAll(suspect -> suspect.share() >= OWNERLESS_SHARE ? details.shared(suspect) : suspect);
        List<Suspect> goroutines = new ArrayList<>(details.crowds(found));
        found.addAll(goroutines);
        found.sort(Comparator.comparing((Suspect suspect) -> suspect.judgement() != Suspect.Judgement.SUSPECT)
                .thenComparing(Comparator.comparingLong(SuspectSearch::weight).reversed()));
        List<Suspect> suspects = found.stream()
                .filter(suspect -> total >= SMALL_HEAP || goroutines.contains(suspect))
                .filter(suspect -> goroutines.contains(suspect) || suspect.share() >= leastShare(suspect))
                .limit(MOST)
                .toList();
        List<Suspect> others = found.stream()
                .filter(suspect -> !suspects.contains(suspect))
                .limit(MOST)
                .toList();
        return new Verdict(suspects, reason(suspects), others);
    }

    private static long weight(Suspect suspect) {
        return suspect.retainedBytes() + Math.max(0, suspect.owner().stackBytes());
    }

    private static double leastShare(Suspect suspect) {
        return suspect.isOwnerless() ? OWNERLESS_SHARE : SHARE;
    }

    private Verdict.Reason reason(List<Suspect> suspects) {
        if (suspects.stream().anyMatch(suspect -> suspect.judgement() == Suspect.Judgement.SUSPECT)) {
            return Verdict.Reason.SUSPECTS;
        }
        long unreachable = heap.totals().unreachableBytes();
        if (unreachable > total && unreachable >= LEAST_BYTES) {
            return Verdict.Reason.GARBAGE;
        }
        if (!suspects.isEmpty()) {
            return Verdict.Reason.HARMLESS;
        }
        return total < SMALL_HEAP ? Verdict.Reason.SMALL : Verdict.Reason.SPREAD;
    }

    private long least(double share) {
        return Math.max(LEAST_BYTES, (long) (share * total));
    }

    /** Follows the largest from a frame down; where it forks, each branch. */
    private void follow(int top) {
        List<Integer> open = new ArrayList<>(List.of(top));
        while (!open.isEmpty()) {
            int from = open.remove(open.size() - 1);
            int end = from;
            int child = frames.largestChild(end);
            while (child >= 0 && frames.retained(child) >= CHAIN * frames.retained(end)) {
                end = child;
                child = frames.largestChild(end);
            }
            List<Integer> branches = branches(end);
            if (branches.isEmpty()) {
                found.add(details.suspect(from, end));
            }
            open.addAll(branches);
        }
    }

    /** The frames that a frame divides into; none if it does so evenly. */
    private List<Integer> branches(int frame) {
        List<Integer> branches = new ArrayList<>();
        long together = 0;
        for (int child = frames.firstChild(frame); child >= 0; child = frames.nextSibling(child)) {
            long retained = frames.retained(child);
            if (retained >= least(SHARE) && retained >= BRANCH * frames.retained(frame)) {
                branches.add(child);
                together += retained;
            }
        }
        boolean one = details.count(frame) <= 1;
        boolean forks = one && !details.isPool(frame) && branches.size() > 1 && branches.size() <= MOST;
        return forks && together >= FORK * frames.retained(frame) ? branches : List.of();
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.RetainedFrames.Kind;
import dev.holdfast.roots.Suspect.Amount;
import dev.holdfast.roots.Suspect.Judgement;
import dev.holdfast.roots.Suspect.Point;
import dev.holdfast.roots.Suspect.Reached;
import dev.holdfast.roots.Suspect.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Says of a way down the frames what it is: who holds it, where it divides, whether it may be a leak. Used by one thread. */
final class SuspectDetails {
    /** So much of it is softly or weakly reachable; the references and the map that has them are not. */
    private static final double CACHED = 0.5;

    /** So much of objects without a single owner is reached by one. */
    private static final double MOSTLY = 0.8;

    private static final int MOST_TYPES = 4;

    private final RetainedFrames frames;
    private final SuspectOwners owners;
    private final Goroutines goroutines;
    private final FrameCrowds crowds;
    private final SpreadPoint spread;
    private final SharedObjects shared;

    SuspectDetails(HeapSnapshot heap, RetainedFrames frames, RootNames names) {
        this.frames = frames;
        this.shared = new SharedObjects(heap, names);
        this.goroutines = new Goroutines(heap.dump().threads());
        this.crowds = new FrameCrowds(frames, goroutines);
        this.spread = new SpreadPoint(frames, crowds);
        this.owners = new SuspectOwners(heap, frames, names, goroutines);
    }

    /** How many stand at a frame: objects, goroutines of a function; at least 1. */
    long count(int frame) {
        return crowds.of(frame);
    }

    /** Large crowds of goroutines that wait for the same, whatever they hold, that are not among the suspects yet. */
    List<Suspect> crowds(List<Suspect> known) {
        return goroutines.crowds(frames.retained(RetainedFrames.ROOT)).stream()
                .filter(crowd -> known.stream()
                        .noneMatch(suspect -> suspect.owner().kind() == RootKind.GOROUTINE
                                && suspect.owner().name().equals(crowd)))
                .map(this::crowd)
                .toList();
    }

    private Suspect crowd(String function) {
        int top = crowds.frame(function);
        if (top >= 0) {
            return suspect(top, top);
        }
        return new Suspect(
                Judgement.SUSPECT,
                owners.goroutines(function),
                List.of(),
                0,
                0,
                0,
                null,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    /** Whether a frame is inside of a {@code sync.Pool}. */
    boolean isPool(int frame) {
        return Containers.isPool(frames.name(frame));
    }

    /**
     * The same suspect with who reaches it, if nobody owns it alone; if nearly all of it is reached by goroutines of one
     * function, those own it: the runtime's own notes of them may point there too.
     */
    Suspect shared(Suspect suspect) {
        if (!suspect.isOwnerless()) {
            return suspect;
        }
        List<Reached> reached = shared.reachedFrom(suspect.path().get(0).node());
        for (Reached each : reached) {
            if (each.kind() == RootKind.GOROUTINE && each.share() >= MOSTLY) {
                return suspect.with(owners.goroutines(each.name()), List.of());
            }
        }
        return suspect.with(suspect.owner(), reached);
    }

    /** What belongs to the virtual machine or the runtime, and cannot be the program's leak. */
    boolean isRuntimes(Suspect suspect) {
        boolean notes = suspect.isOwnerless() && suspect.path().get(0).name().startsWith("runtime.");
        return notes
                || suspect.owner().kind() == RootKind.JNI_GLOBAL
                        && suspect.owner().name().equals(RootNames.CDS_ARCHIVE);
    }

    /**
     * Describes a way down.
     *
     * @param from where it began to be the way of this suspect alone
     * @param end its last frame
     */
    Suspect suspect(int from, int end) {
        List<Integer> way = new ArrayList<>();
        for (int at = end; frames.parent(at) != RetainedFrames.ROOT; at = frames.parent(at)) {
            way.add(0, at);
        }
        int start = way.indexOf(from);
        int last = spread.position(way, start);
        boolean group = last == SpreadPoint.NONE && count(end) > 1;
        boolean spreads = last != SpreadPoint.NONE;
        int position = group ? firstObjects(way, start) : spreads ? last : way.size() - 1;
        int base = way.get(position);
        SuspectTypes types = new SuspectTypes(frames, base);
        int above = group ? position - 1 : position;
        Amount elements = spreads || group || isPool(base)
                ? types.elements(way, above, count(way.get(Math.min(above + 1, way.size() - 1))) / 2)
                : null;
        long retained = frames.retained(base);
        return new Suspect(
                judgement(base, way, types),
                owners.owner(way, position),
                steps(way.subList(0, position + 1)),
                retained,
                (double) retained / Math.max(1, frames.retained(RetainedFrames.ROOT)),
                frames.soft(base) + frames.weak(base),
                group || frames.kind(base) == Kind.HOLDER ? null : point(base),
                elements,
                types.largest(MOST_TYPES),
                elements == null ? parts(base) : List.of(),
                List.of());
    }

    private Point point(int frame) {
        boolean one = frames.objects(frame) == 1;
        return new Point(
                frames.name(frame),
                frames.objects(frame),
                frames.retained(frame),
                one ? frames.node(frame) : -1,
                one ? owners.elements(frames.node(frame)) : -1);
    }

    /** The position of the first objects on a way, else its last. */
    private int firstObjects(List<Integer> way, int start) {
        int position = start;
        while (position < way.size() - 1 && frames.objects(way.get(position)) == 0) {
            position++;
        }
        return position;
    }

    private List<Step> parts(int base) {
        List<Step> parts = new ArrayList<>();
        for (int child = frames.firstChild(base); child >= 0; child = frames.nextSibling(child)) {
            if (frames.retained(child) > frames.retained(base) / 50) {
                parts.add(step(child));
            }
        }
        parts.sort(Comparator.comparingLong(Step::retainedBytes).reversed().thenComparing(Step::name));
        return parts.stream().limit(MOST_TYPES).toList();
    }

    private List<Step> steps(List<Integer> way) {
        return way.stream().map(this::step).toList();
    }

    private Step step(int frame) {
        return new Step(
                frames.kind(frame),
                frames.via(frame),
                frames.name(frame),
                frames.objects(frame),
                frames.retained(frame),
                frames.node(frame));
    }

    private Judgement judgement(int base, List<Integer> way, SuspectTypes types) {
        double retained = Math.max(1, frames.retained(base));
        if (frames.soft(base) >= CACHED * retained) {
            return Judgement.SOFT_CACHE;
        }
        if (frames.weak(base) + frames.soft(base) >= CACHED * retained) {
            return Judgement.WEAK;
        }
        if (way.stream().anyMatch(frame -> Containers.isPool(frames.name(frame)))) {
            return Judgement.POOL;
        }
        boolean one = frames.objects(base) == 1 && frames.firstChild(base) < 0 && types.size() == 1;
        return one && owners.isBallast(base) ? Judgement.BALLAST : Judgement.SUSPECT;
    }
}

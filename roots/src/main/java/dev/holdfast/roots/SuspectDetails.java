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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of a way down the frames what it is: where it spreads, what it consists of, who holds it. Used by one thread. */
final class SuspectDetails {
    /** So many times as many objects as above: there it spreads. */
    private static final int SPREAD = 2;

    /** So much of what is below the point one of the program's own types retains to be named as what accumulates. */
    private static final double OWN = 0.3;

    /** The same for types that all programs have. */
    private static final double OTHERS = 0.5;

    /** So much of it is softly or weakly reachable; the references and the map that has them are not. */
    private static final double CACHED = 0.5;

    /** So much of objects without a single owner is reached by one. */
    private static final double MOSTLY = 0.8;

    private static final int MOST_TYPES = 4;

    private final RetainedFrames frames;
    private final SuspectOwners owners;
    private final Goroutines goroutines;
    private final SharedObjects shared;

    SuspectDetails(HeapSnapshot heap, RetainedFrames frames, RootNames names) {
        this.frames = frames;
        this.shared = new SharedObjects(heap, names);
        this.goroutines = new Goroutines(heap.dump().threads());
        this.owners = new SuspectOwners(heap, frames, names, goroutines);
    }

    /** How many stand at a frame: objects, goroutines of a function; at least 1. */
    long count(int frame) {
        for (int at = frame; at != RetainedFrames.ROOT; at = frames.parent(at)) {
            if (frames.objects(at) > 0) {
                return frames.objects(at);
            }
            int above = frames.parent(at);
            if (frames.parent(above) == RetainedFrames.ROOT && isGoroutine(above)) {
                return Math.max(1, goroutines.count(frames.name(at)));
            }
        }
        return 1;
    }

    private boolean isGoroutine(int kindFrame) {
        return frames.kind(kindFrame) == Kind.HOLDER && frames.name(kindFrame).equals(RootKind.GOROUTINE.label());
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
        for (int kind = frames.firstChild(RetainedFrames.ROOT); kind >= 0; kind = frames.nextSibling(kind)) {
            for (int top = isGoroutine(kind) ? frames.firstChild(kind) : -1; top >= 0; top = frames.nextSibling(top)) {
                if (frames.name(top).equals(function)) {
                    return suspect(top, top);
                }
            }
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
        int spread = spread(way, start);
        boolean group = spread < 0 && count(end) > 1;
        int last = spread < 0 ? way.size() - 1 : spread;
        while (spread >= 0 && last > start && isRepeated(way, spread, last)) {
            last--;
        }
        while (last > start && spread >= 0 && isInside(way.get(last), way.get(last - 1))) {
            last--;
        }
        int base = group ? firstObjects(way, start) : way.get(last);
        Map<String, Amount> amounts = amounts(base);
        String elements = spread >= 0 || group || isPool(base)
                ? elements(way, group ? way.indexOf(base) - 1 : last, base, amounts)
                : null;
        List<Integer> steps = group ? way.subList(0, way.indexOf(base) + 1) : way.subList(0, last + 1);
        long retained = frames.retained(base);
        return new Suspect(
                judgement(base, way, amounts),
                owners.owner(way, steps.size() - 1),
                steps(steps),
                retained,
                (double) retained / Math.max(1, frames.retained(RetainedFrames.ROOT)),
                frames.soft(base) + frames.weak(base),
                group || frames.kind(base) == Kind.HOLDER ? null : point(base),
                elements == null ? null : amounts.get(elements),
                amounts.values().stream()
                        .sorted(Comparator.comparingLong(Amount::shallowBytes)
                                .reversed()
                                .thenComparing(Amount::name))
                        .limit(MOST_TYPES)
                        .toList(),
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

    /** The position after which the number of objects grows most; -1 if it grows nowhere. */
    private int spread(List<Integer> way, int start) {
        int best = -1;
        double most = SPREAD;
        for (int i = start; i + 1 < way.size(); i++) {
            double growth = (double) count(way.get(i + 1)) / count(way.get(i));
            if (growth >= most && (best < 0 || growth > most)) {
                best = i;
                most = growth;
            }
        }
        return best;
    }

    /** Whether it is a list's first node before all others: what has the list is the point, not that node. */
    private boolean isRepeated(List<Integer> way, int spread, int position) {
        return frames.kind(way.get(spread + 1)) == Kind.RECURSIVE
                && frames.objects(way.get(position - 1)) > 0
                && frames.kind(way.get(position)) != Kind.OBJECT
                && !frames.name(way.get(position - 1)).startsWith("class ")
                && frames.name(way.get(position)).equals(frames.name(way.get(spread + 1)));
    }

    /** Whether an array or the like is inside of a container: the container is the point, as its name says more. */
    private boolean isInside(int frame, int above) {
        String name = frames.name(frame);
        boolean container = !name.startsWith("map[") && !name.startsWith("java.") || name.endsWith("[]");
        return container
                && Containers.isPlumbing(name)
                && frames.objects(above) > 0
                && Containers.isPlumbing(frames.name(above))
                && !frames.name(above).startsWith("[]*runtime.");
    }

    private int firstObjects(List<Integer> way, int start) {
        for (int frame : way.subList(start, way.size())) {
            if (frames.objects(frame) > 0) {
                return frame;
            }
        }
        return way.get(way.size() - 1);
    }

    /**
     * The type that a person would name: the program's own that retains most if that is enough, else the first below a
     * position of the way that is no container's own, else what comes first.
     */
    private @Nullable String elements(List<Integer> way, int position, int base, Map<String, Amount> amounts) {
        long many = count(way.get(Math.min(position + 1, way.size() - 1))) / 2;
        Amount own = amounts.values().stream()
                .filter(amount -> !Containers.isCommon(amount.name()) && amount.objects() >= many)
                .max(Comparator.comparingLong(Amount::retainedBytes)
                        .thenComparing(Amount::name, Comparator.reverseOrder()))
                .orElse(null);
        if (own != null && own.retainedBytes() >= OWN * frames.retained(base)) {
            return own.name();
        }
        int first = way.get(Math.min(position + 1, way.size() - 1));
        int at = first;
        for (int i = position + 1; i < way.size() && Containers.isPlumbing(frames.name(at)); i++) {
            at = way.get(i);
        }
        while (at >= 0 && (frames.objects(at) == 0 || Containers.isPlumbing(frames.name(at)))) {
            at = frames.largestChild(at);
        }
        Amount found = at < 0 ? null : amounts.get(frames.name(at));
        if (found != null && found.retainedBytes() >= OTHERS * frames.retained(base)) {
            return found.name();
        }
        return frames.objects(first) > 0 ? frames.name(first) : null;
    }

    /** Objects, bytes and retained bytes by type, at a frame and below. */
    private Map<String, Amount> amounts(int base) {
        Map<String, Amount> amounts = new HashMap<>();
        List<Integer> open = new ArrayList<>(List.of(base));
        while (!open.isEmpty()) {
            int frame = open.remove(open.size() - 1);
            long own = frames.retained(frame);
            for (int child = frames.firstChild(frame); child >= 0; child = frames.nextSibling(child)) {
                own -= frames.retained(child);
                open.add(child);
            }
            if (frames.objects(frame) > 0) {
                String name = frames.name(frame);
                long retained = isTopmost(frame, base) ? frames.retained(frame) : 0;
                amounts.merge(
                        name,
                        new Amount(name, frames.objects(frame), own, retained),
                        (a, b) -> new Amount(
                                name,
                                a.objects() + b.objects(),
                                a.shallowBytes() + b.shallowBytes(),
                                a.retainedBytes() + b.retainedBytes()));
            }
        }
        return amounts;
    }

    /** Whether no frame of the same type stands between it and the base. */
    private boolean isTopmost(int frame, int base) {
        for (int at = frame; at != base; ) {
            at = frames.parent(at);
            if (frames.objects(at) > 0 && frames.name(at).equals(frames.name(frame))) {
                return false;
            }
        }
        return true;
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

    private Judgement judgement(int base, List<Integer> way, Map<String, Amount> amounts) {
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
        boolean one = frames.objects(base) == 1 && frames.firstChild(base) < 0 && amounts.size() == 1;
        return one && owners.isBallast(base) ? Judgement.BALLAST : Judgement.SUSPECT;
    }
}

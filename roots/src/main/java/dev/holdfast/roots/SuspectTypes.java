package dev.holdfast.roots;

import dev.holdfast.roots.RetainedFrames.Content;
import dev.holdfast.roots.Suspect.Amount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is at a frame and below by type, and which of the types a person would name; used by one thread. */
final class SuspectTypes {
    /** So much of it one of the program's own types retains to be named as what accumulates. */
    private static final double OWN = 0.3;

    /** The same for types that all programs have. */
    private static final double OTHERS = 0.5;

    private final RetainedFrames frames;
    private final int base;
    private final Map<String, Amount> amounts = new HashMap<>();

    /** What is at a frame and below. */
    SuspectTypes(RetainedFrames frames, int base) {
        this.frames = frames;
        this.base = base;
        List<Integer> open = new ArrayList<>(List.of(base));
        while (!open.isEmpty()) {
            int frame = open.remove(open.size() - 1);
            for (int child = frames.firstChild(frame); child >= 0; child = frames.nextSibling(child)) {
                open.add(child);
            }
            Collection<Content> contents = frames.contents(frame);
            Set<String> above = contents.isEmpty() ? Set.of() : above(frame);
            for (Content content : contents) {
                // What several types retain together at one frame is not any one's.
                long retained = above.contains(content.type())
                        ? 0
                        : contents.size() == 1 ? frames.retained(frame) : Amount.UNKNOWN;
                amounts.merge(
                        content.type(),
                        new Amount(content.type(), content.objects(), content.bytes(), retained),
                        Amount::plus);
            }
        }
    }

    /** The types that stand between a frame and the base: objects at the frame are below one of each. */
    private Set<String> above(int frame) {
        Set<String> types = new HashSet<>();
        for (int at = frame; at != base; ) {
            at = frames.parent(at);
            if (frames.objects(at) > 0) {
                types.add(frames.name(at));
            }
        }
        return types;
    }

    /** How many types there are. */
    int size() {
        return amounts.size();
    }

    /** Of a type that is there. */
    @Nullable
    Amount of(@Nullable String type) {
        return type == null ? null : amounts.get(type);
    }

    /** Those whose objects take most, largest first. */
    List<Amount> largest(int most) {
        return amounts.values().stream()
                .sorted(Comparator.comparingLong(Amount::shallowBytes)
                        .reversed()
                        .thenComparing(Amount::name))
                .limit(most)
                .toList();
    }

    /**
     * The type that a person would name: the program's own that retains most if that is enough, else the first below a
     * position of the way that is no container's own, else what comes first.
     *
     * @param least fewer objects are not what a pile consists of
     */
    @Nullable
    Amount elements(List<Integer> way, int position, long least) {
        Amount own = amounts.values().stream()
                .filter(amount -> !Containers.isCommon(amount.name()) && amount.objects() >= least)
                .max(Comparator.comparingLong(Amount::retainedBytes)
                        .thenComparing(Amount::name, Comparator.reverseOrder()))
                .orElse(null);
        if (own != null && own.retainedBytes() >= OWN * frames.retained(base)) {
            return own;
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
            return found;
        }
        return frames.objects(first) > 0 ? amounts.get(frames.name(first)) : null;
    }
}

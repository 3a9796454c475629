package dev.holdfast.report;

import dev.holdfast.dump.RootKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which root holds the objects of each frame of {@code roots.pb.gz}: the labels of all that is below it say so.
 *
 * <p>Frames are told in ascending order, as they are made. Not thread-safe until all are told. 4 bytes a frame.
 */
final class FrameRoots {
    /** In place of a root kind: several roots hold it together. */
    static final int SEVERAL = 255;

    /**
     * A root or holder.
     *
     * @param kind null for what several roots hold together
     * @param name its name in frames, empty for the frame of a kind
     * @param own the thread's name, or the labels of a goroutine
     */
    record Root(@Nullable RootKind kind, String name, Labels own) {
        Labels labels() {
            Labels labels = own.with("root_kind", kind == null ? name : kind.label());
            return name.isEmpty() || kind == null ? labels : labels.with("root", name);
        }
    }

    private final List<Labels> owners = new ArrayList<>();
    private final Map<Labels, Integer> ownerNumbers = new HashMap<>();
    private final List<Root> roots = new ArrayList<>();
    private final Map<Root, Integer> numbers = new HashMap<>();

    /** By root, as {@link InUseTable} wants them: not looked up anew for each object. */
    private int[] kinds = new int[16];

    private int[] ownersOfRoots = new int[16];

    private int[] rootOf = new int[1024];
    private int frames;

    /** A frame is held by a root; one that is known keeps its own. */
    void set(int frame, Root root) {
        if (frame >= frames) {
            append(frame, number(root));
        }
    }

    /** A frame is held by what holds the one above it; one that is known keeps its own. */
    void inherit(int frame, int above) {
        if (frame >= frames) {
            append(frame, rootOf[above]);
        }
    }

    private void append(int frame, int root) {
        if (frame >= rootOf.length) {
            rootOf = Arrays.copyOf(rootOf, Math.max(frame + 1, Columns.grown(rootOf.length)));
        }
        rootOf[frame] = root;
        frames = frame + 1;
    }

    private int number(Root root) {
        Integer known = numbers.putIfAbsent(root, roots.size());
        if (known != null) {
            return known;
        }
        int number = roots.size();
        roots.add(root);
        if (number == kinds.length) {
            kinds = Arrays.copyOf(kinds, Columns.grown(number));
            ownersOfRoots = Arrays.copyOf(ownersOfRoots, kinds.length);
        }
        RootKind kind = root.kind;
        kinds[number] = kind == null ? SEVERAL : kind.ordinal();
        ownersOfRoots[number] = owner(root.own);
        return number;
    }

    private int owner(Labels own) {
        if (own.size() == 0) {
            return InUseTable.NONE;
        }
        Integer known = ownerNumbers.putIfAbsent(own, owners.size());
        if (known != null) {
            return known;
        }
        owners.add(own);
        return owners.size() - 1;
    }

    /** Number of the root that holds the objects of a frame. */
    int number(int frame) {
        return rootOf[frame];
    }

    /** What holds the objects of a frame. */
    Root of(int frame) {
        return roots.get(rootOf[frame]);
    }

    /** Ordinal of the root's kind, or {@link #SEVERAL}. */
    int kind(int frame) {
        return kinds[rootOf[frame]];
    }

    /** Number of the labels of the thread or goroutine that holds a frame, or {@link InUseTable#NONE}. */
    int owner(int frame) {
        return ownersOfRoots[rootOf[frame]];
    }

    /** The labels of a thread or goroutine by their number. */
    Labels labelsOf(int owner) {
        return owner == InUseTable.NONE ? Labels.NONE : owners.get(owner);
    }
}

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
     * @param thread the thread's name, empty if it is none
     */
    record Root(@Nullable RootKind kind, String name, String thread) {
        Labels labels() {
            Labels labels = Labels.NONE.with("root_kind", kind == null ? name : kind.label());
            if (!name.isEmpty() && kind != null) {
                labels = labels.with("root", name);
            }
            return thread.isEmpty() ? labels : labels.with("thread", thread);
        }
    }

    private final NameTable names;
    private final List<Root> roots = new ArrayList<>();
    private final Map<Root, Integer> numbers = new HashMap<>();

    /** By root, as {@link InUseTable} wants them: not looked up anew for each object. */
    private int[] kinds = new int[16];

    private int[] threads = new int[16];

    private int[] rootOf = new int[1024];
    private int frames;

    FrameRoots(NameTable names) {
        this.names = names;
    }

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
            threads = Arrays.copyOf(threads, kinds.length);
        }
        RootKind kind = root.kind;
        kinds[number] = kind == null ? SEVERAL : kind.ordinal();
        threads[number] = root.thread.isEmpty() ? InUseTable.NONE : names.number(root.thread);
        return number;
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

    /** Number of the thread's name, or {@link InUseTable#NONE}. */
    int thread(int frame) {
        return threads[rootOf[frame]];
    }
}

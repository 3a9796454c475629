package dev.holdfast.report;

import dev.holdfast.roots.RetainedFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reachable objects by type, and what they retain, from the frames they stand in: objects are hardly looked at again.
 *
 * <p>A frame's objects have one of their dominators in each frame above it, and, unless chains were folded there, none in
 * the frame itself. So where the frames above an object's hold none of its type, no object of that type dominates it, and
 * what it retains counts; where one of them holds nothing else, its bytes are in what that one retains. Where types share a
 * name (lambdas, classes of several loaders) they share frames, which then do not tell what each of them retains: their
 * objects are asked. And if one of them may stand above its like, nothing is said.
 */
final class FrameTypes {
    private static final int EMPTY = -1;
    private static final int SEVERAL = -2;

    /** The objects of a type that stand in a frame. */
    record Group(int frame, int type) {}

    /** Asks objects. */
    @FunctionalInterface
    interface Objects {
        /** The sums of what the objects of each group retain, in one go over all objects. */
        long[] retained(List<Group> groups);
    }

    private final RetentionTree tree;
    private final long[] objects;
    private final long[] bytes;
    private final long[] retained;
    private boolean told = true;

    /** By frame, the one type of its objects, or {@link #EMPTY} or {@link #SEVERAL}. */
    private final int[] typeOf;

    /** Those in frames that hold several types. */
    private final Set<Group> shared = new HashSet<>();

    /**
     * Adds up.
     *
     * @param tree whose objects are counted, each with the number of its type
     * @param types how many there are
     */
    FrameTypes(RetentionTree tree, int types, Objects asked) {
        this.tree = tree;
        this.objects = new long[types];
        this.bytes = new long[types];
        this.retained = new long[types];
        this.typeOf = new int[tree.frames()];
        addFrames(addObjects());
        if (told && !shared.isEmpty()) {
            List<Group> groups = new ArrayList<>(shared);
            groups.removeIf(each -> above(each.frame, each.type) != EMPTY);
            long[] sums = asked.retained(groups);
            for (int i = 0; i < sums.length; i++) {
                retained[groups.get(i).type] += sums[i];
            }
        }
    }

    /** Answers the bytes of each frame alone. */
    private long[] addObjects() {
        long[] own = new long[tree.frames()];
        Arrays.fill(typeOf, EMPTY);
        FrameCounts counts = tree.counts();
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                int frame = counts.frame(row);
                int type = counts.type(row);
                objects[type] += counts.count(row);
                bytes[type] += counts.bytes(row);
                own[frame] += counts.bytes(row);
                typeOf[frame] = typeOf[frame] == EMPTY || typeOf[frame] == type ? type : SEVERAL;
            }
        }
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0 && typeOf[counts.frame(row)] == SEVERAL) {
                shared.add(new Group(counts.frame(row), counts.type(row)));
            }
        }
        return own;
    }

    private void addFrames(long[] bytesOf) {
        for (int frame = tree.frames() - 1; frame > RetentionTree.ROOT; frame--) {
            bytesOf[tree.frameTree().parent(frame)] += bytesOf[frame];
            if (typeOf[frame] >= 0 && decide(frame, typeOf[frame])) {
                retained[typeOf[frame]] += bytesOf[frame];
            }
        }
        shared.forEach(each -> decide(each.frame, each.type));
    }

    /** Whether none of these objects is dominated by one of its type. */
    private boolean decide(int frame, int type) {
        int above = above(frame, type);
        boolean topmost = above == EMPTY && !folded(frame);
        told &= topmost || above == type;
        return topmost;
    }

    /** Whether an object of the frame can dominate another one of it. */
    private boolean folded(int frame) {
        RetainedFrames.Kind kind = tree.kind(frame);
        return kind == RetainedFrames.Kind.RECURSIVE || kind == RetainedFrames.Kind.DEEPER;
    }

    /** The type if a frame above holds it alone, {@link #SEVERAL} if one holds it beside others, else {@link #EMPTY}. */
    private int above(int frame, int type) {
        int found = EMPTY;
        for (int at = tree.frameTree().parent(frame);
                at != RetentionTree.ROOT;
                at = tree.frameTree().parent(at)) {
            if (typeOf[at] == type) {
                return type;
            }
            if (typeOf[at] == SEVERAL && shared.contains(new Group(at, type))) {
                found = SEVERAL;
            }
        }
        return found;
    }

    /** Objects of a type. */
    long objects(int type) {
        return objects[type];
    }

    /** Their shallow size. */
    long bytes(int type) {
        return bytes[type];
    }

    /** Whether the frames tell what types retain. */
    boolean tellRetained() {
        return told;
    }

    /** What the objects of a type retain, if {@link #tellRetained}: the sum over those that none of the type dominates. */
    long retained(int type) {
        return retained[type];
    }
}

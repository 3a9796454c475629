package dev.holdfast.report;

import dev.holdfast.report.proto.PprofProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The frames of a profile of retained memory as a tree, each with what its subtree has: frames in preorder, siblings by
 * bytes, {@code (other)} last. Frame 0 stands above all. Immutable; memory: 32 bytes a frame and the names once each.
 */
final class FlameTree {
    static final int ROOT = 0;

    private final List<String> names;
    private final int[] parent;
    private final int[] depth;
    private final int[] name;
    private final long[] bytes;
    private final long[] objects;

    private FlameTree(List<String> names, int[] parent, int[] depth, int[] name, long[] bytes, long[] objects) {
        this.names = List.copyOf(names);
        this.parent = parent;
        this.depth = depth;
        this.name = name;
        this.bytes = bytes;
        this.objects = objects;
    }

    /**
     * The frames of a profile whose values are objects and bytes; labels are left out, so frames that only labels tell
     * apart are one.
     */
    static FlameTree of(Profile profile) {
        return new Building(profile.message()).finish();
    }

    int size() {
        return parent.length;
    }

    /** The frame above, smaller than the frame; that of {@link #ROOT} is itself. */
    int parent(int frame) {
        return parent[frame];
    }

    /** How many frames stand above. */
    int depth(int frame) {
        return depth[frame];
    }

    String name(int frame) {
        return names.get(name[frame]);
    }

    int nameNumber(int frame) {
        return name[frame];
    }

    /** The names, each once. */
    List<String> names() {
        return names;
    }

    /** What the frame's topmost objects retain. */
    long bytes(int frame) {
        return bytes[frame];
    }

    /** How many objects stand at the frame and below it. */
    long objects(int frame) {
        return objects[frame];
    }

    /** Frames in the order in which they first came. */
    private static final class Building {
        private final List<String> names = new ArrayList<>(List.of("all"));
        private final Map<String, Integer> numbers = new HashMap<>(Map.of("all", 0));
        private final FrameTree frames = new FrameTree();
        private final SampleTable values = new SampleTable(2);

        Building(PprofProto.Profile message) {
            int[] byLocation = new int[message.getLocationCount() + 1];
            for (PprofProto.Location location : message.getLocationList()) {
                // Functions have ids from 1 in their order.
                PprofProto.Function function =
                        message.getFunction((int) location.getLine(0).getFunctionId() - 1);
                byLocation[(int) location.getId()] = number(message.getStringTable((int) function.getName()));
            }
            for (PprofProto.Sample sample : message.getSampleList()) {
                int frame = FrameTree.ROOT;
                for (int i = sample.getLocationIdCount() - 1; i >= 0; i--) {
                    frame = frames.findOrAdd(frame, byLocation[(int) sample.getLocationId(i)], 0);
                }
                int row = values.row(frame, 0);
                values.add(row, 0, sample.getValue(0));
                values.add(row, 1, sample.getValue(1));
            }
        }

        private int number(String name) {
            Integer known = numbers.putIfAbsent(name, names.size());
            if (known == null) {
                names.add(name);
                return names.size() - 1;
            }
            return known;
        }

        FlameTree finish() {
            int count = frames.size();
            long[] objects = new long[count];
            long[] bytes = new long[count];
            for (int row = 0; row < values.size(); row++) {
                objects[values.stack(row)] = values.value(row, 0);
                bytes[values.stack(row)] = values.value(row, 1);
            }
            for (int frame = count - 1; frame > 0; frame--) {
                objects[frames.parent(frame)] += objects[frame];
                bytes[frames.parent(frame)] += bytes[frame];
            }
            Integer[] bySize = new Integer[count - 1];
            Arrays.setAll(bySize, i -> i + 1);
            // What comes first here is pushed first below, and so comes last in the tree.
            Arrays.sort(
                    bySize,
                    Comparator.<Integer>comparingInt(frame -> isOther(frame) ? 0 : 1)
                            .thenComparingLong(frame -> bytes[frame])
                            .thenComparingLong(frame -> objects[frame])
                            .thenComparing(this::name, Comparator.reverseOrder()));
            List<List<Integer>> children = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                children.add(new ArrayList<>(0));
            }
            for (int frame : bySize) {
                children.get(frames.parent(frame)).add(frame);
            }
            int[] order = new int[count];
            int[] at = new int[count];
            int[] pending = new int[count];
            int top = 0;
            pending[top++] = FrameTree.ROOT;
            for (int next = 0; top > 0; next++) {
                int frame = pending[--top];
                order[next] = frame;
                at[frame] = next;
                for (int child : children.get(frame)) {
                    pending[top++] = child;
                }
            }
            int[] parent = new int[count];
            int[] depth = new int[count];
            int[] name = new int[count];
            long[] sortedBytes = new long[count];
            long[] sortedObjects = new long[count];
            for (int i = 0; i < count; i++) {
                int frame = order[i];
                parent[i] = at[frames.parent(frame)];
                depth[i] = i == ROOT ? 0 : depth[parent[i]] + 1;
                name[i] = i == ROOT ? 0 : frames.first(frame);
                sortedBytes[i] = bytes[frame];
                sortedObjects[i] = objects[frame];
            }
            return new FlameTree(names, parent, depth, name, sortedBytes, sortedObjects);
        }

        private String name(int frame) {
            return names.get(frames.first(frame));
        }

        private boolean isOther(int frame) {
            return name(frame).equals(FrameNames.OTHER);
        }
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.Strength;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The dominator tree folded into frames: objects that stand alike below the same holder, reached by the same field and of
 * the same type, are one frame, whose retained size is the sum of theirs. It is what {@code roots.pb.gz} shows and what
 * suspects are looked for in: heaps of millions of objects have thousands of frames.
 *
 * <p>Filled by one thread, in the order of the frames' numbers, then only read. Memory: 60 bytes a frame,
 * and 100 for each type at a frame where structures repeat.
 */
public final class RetainedFrames {
    /** The frame above all. */
    public static final int ROOT = 0;

    /** What a frame is to the one above it. */
    public enum Kind {
        /** The virtual root, a kind of root, a root by its name, or a frame of a stack. */
        HOLDER,
        /** An object that is named by its type alone: a root, a class, or what a holder holds. */
        OBJECT,
        /** Objects that a field of those above refers to. */
        FIELD,
        /** Objects that those above hold only through others together. */
        SHARED,
        /** Objects that repeat what is above them, as the nodes of a list do. */
        RECURSIVE,
        /** What lies too deep to be shown. */
        DEEPER
    }

    private static final Kind[] KINDS = Kind.values();

    private final int[] parents;
    private final byte[] kinds;
    private final int[] nodes;
    private final long[] objects;
    private final long[] retained;
    private final long[] soft;
    private final long[] weak;
    private final int[] firstChild;
    private final int[] nextSibling;
    private final Map<Integer, Map<Integer, Content>> contents;
    private final IntFunction<String> names;
    private final IntFunction<@Nullable String> vias;

    /**
     * Objects of one type at a frame.
     *
     * @param type as people read it
     * @param objects how many
     * @param bytes their own size
     */
    public record Content(String type, long objects, long bytes) {
        Content plus(Content other) {
            return new Content(type, objects + other.objects, bytes + other.bytes);
        }
    }

    /** Frames as they are counted; parents have smaller numbers than their children. */
    public static final class Builder {
        private final int[] parents;
        private final byte[] kinds;
        private final int[] nodes;
        private final long[] objects;
        private final long[] retained;
        private final long[] soft;
        private final long[] weak;
        private final Map<Integer, Map<Integer, Content>> contents = new HashMap<>();

        /** For so many frames, the root with them. */
        public Builder(int frames) {
            parents = new int[frames];
            kinds = new byte[frames];
            nodes = new int[frames];
            objects = new long[frames];
            retained = new long[frames];
            soft = new long[frames];
            weak = new long[frames];
        }

        /**
         * Tells what a frame is.
         *
         * @param node a node of it, the only one if it has one
         */
        public void frame(int frame, int parent, Kind kind, int node) {
            parents[frame] = parent;
            kinds[frame] = (byte) kind.ordinal();
            nodes[frame] = node;
        }

        /** Adds objects of one type and strength at a frame, which has been told. */
        public void add(int frame, int type, String typeName, Strength strength, long count, long bytes) {
            objects[frame] += count;
            retained[frame] += bytes;
            if (strength == Strength.SOFT) {
                soft[frame] += bytes;
            } else if (strength != Strength.STRONG) {
                weak[frame] += bytes;
            }
            if (isMixed(KINDS[kinds[frame]])) {
                contents.computeIfAbsent(frame, made -> new TreeMap<>())
                        .merge(type, new Content(typeName, count, bytes), Content::plus);
            }
        }

        /**
         * The frames with their retained sizes.
         *
         * @param names of a holder its name, else the type as people read it
         * @param vias of frames of the kind {@link Kind#FIELD} the reference by which they are held
         */
        public RetainedFrames build(IntFunction<String> names, IntFunction<@Nullable String> vias) {
            return new RetainedFrames(this, names, vias);
        }
    }

    private RetainedFrames(Builder builder, IntFunction<String> names, IntFunction<@Nullable String> vias) {
        this.parents = builder.parents;
        this.kinds = builder.kinds;
        this.nodes = builder.nodes;
        this.objects = builder.objects;
        this.retained = builder.retained;
        this.soft = builder.soft;
        this.weak = builder.weak;
        this.contents = builder.contents;
        this.names = names;
        this.vias = vias;
        this.firstChild = new int[parents.length];
        this.nextSibling = new int[parents.length];
        Arrays.fill(firstChild, -1);
        Arrays.fill(nextSibling, -1);
        for (int frame = parents.length - 1; frame > ROOT; frame--) {
            int parent = parents[frame];
            retained[parent] += retained[frame];
            soft[parent] += soft[frame];
            weak[parent] += weak[frame];
            nextSibling[frame] = firstChild[parent];
            firstChild[parent] = frame;
        }
    }

    /** How many frames there are, the root with them. */
    public int size() {
        return parents.length;
    }

    /** The frame above; the root's is itself. */
    public int parent(int frame) {
        return parents[frame];
    }

    /** What the frame is. */
    public Kind kind(int frame) {
        return KINDS[kinds[frame]];
    }

    /** One of its nodes, the only one if it has only one; -1 for what has none. */
    public int node(int frame) {
        return nodes[frame];
    }

    /** Objects of the frame itself; 0 for holders. */
    public long objects(int frame) {
        return objects[frame];
    }

    private static boolean isMixed(Kind kind) {
        return kind == Kind.RECURSIVE || kind == Kind.DEEPER;
    }

    /**
     * The objects of the frame itself by type: of most frames one, as the frame is called; where structures repeat, or are too
     * deep, several, of which the frame's name is only the first.
     */
    public Collection<Content> contents(int frame) {
        if (isMixed(kind(frame))) {
            return contents.getOrDefault(frame, Map.of()).values();
        }
        long own = retained[frame];
        for (int child = firstChild[frame]; child >= 0; child = nextSibling[child]) {
            own -= retained[child];
        }
        return objects[frame] == 0 ? List.of() : List.of(new Content(name(frame), objects[frame], own));
    }

    /** What its objects, or its holder, and all below retain. */
    public long retained(int frame) {
        return retained[frame];
    }

    /** How much of that is only softly reachable. */
    public long soft(int frame) {
        return soft[frame];
    }

    /** How much of that is reachable only more weakly than softly. */
    public long weak(int frame) {
        return weak[frame];
    }

    /** The first frame below, or -1. */
    public int firstChild(int frame) {
        return firstChild[frame];
    }

    /** The next frame below the same one, or -1. */
    public int nextSibling(int frame) {
        return nextSibling[frame];
    }

    /** Of a holder its name, else the type; a class object is {@code class com.example.Cache}. */
    public String name(int frame) {
        return names.apply(frame);
    }

    /** The reference by which it is held: a field, {@code []}, {@code static x}; null for other kinds. */
    public @Nullable String via(int frame) {
        return kind(frame) == Kind.FIELD ? vias.apply(frame) : null;
    }

    /** The frame below that retains most, the first of several; -1 if there is none. */
    public int largestChild(int frame) {
        int largest = -1;
        for (int child = firstChild[frame]; child >= 0; child = nextSibling[child]) {
            if (largest < 0 || retained[child] > retained[largest]) {
                largest = child;
            }
        }
        return largest;
    }
}

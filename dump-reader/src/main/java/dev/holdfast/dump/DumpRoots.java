package dev.holdfast.dump;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The roots of a dump as columns: objects that are roots themselves, and holders with what they hold; immutable.
 *
 * <p>A holder is a node of size 0 with a stable, address-free name: a frame of a thread, a package variable, a queue. It
 * hangs below the virtual root, below another holder, or below an object (a frame below its thread object). Columns
 * rather than records, because a dump with a million virtual threads has tens of millions of local variables: 13 bytes
 * each here.
 */
public final class DumpRoots {
    /** Parent of a holder that hangs directly below the virtual root. */
    public static final int UNDER_ROOT = -1;

    /** Parent of a holder that hangs below the object {@link Holder#owner()}. */
    public static final int UNDER_OBJECT = -2;

    /**
     * A node of size 0 that holds objects.
     *
     * @param kind kind of root
     * @param name what a person would call it, without addresses or numbers
     * @param parent an earlier holder, {@link #UNDER_ROOT} or {@link #UNDER_OBJECT}
     * @param owner address of the object it hangs below, if {@code parent} is {@link #UNDER_OBJECT}
     * @param thread index into {@link DumpFile#threads()}, or -1
     * @param frame index into that thread's frames (leaf 0), or -1
     */
    public record Holder(RootKind kind, String name, int parent, long owner, int thread, int frame) {}

    private final byte[] rootKinds;
    private final long[] rootAddresses;
    private final List<Holder> holders;
    private final int[] heldBy;
    private final long[] heldAddresses;
    private final BitSet conservative;
    private final long[] ownerSources;
    private final long[] ownerTargets;
    private final List<ConditionalRoot> conditional;

    /**
     * An object that is a root only while another one is not reachable otherwise: what the finalizer, cleanup or weak
     * handle of that object needs.
     *
     * @param kind kind of root
     * @param source the object whose reachability decides; it is not kept itself
     * @param target what is kept
     */
    public record ConditionalRoot(RootKind kind, long source, long target) {}

    private DumpRoots(Builder builder) {
        this.rootKinds = Arrays.copyOf(builder.rootKinds, builder.roots);
        this.rootAddresses = Arrays.copyOf(builder.rootAddresses, builder.roots);
        this.holders = builder.holders.finished();
        this.heldBy = Arrays.copyOf(builder.heldBy, builder.held);
        this.heldAddresses = Arrays.copyOf(builder.heldAddresses, builder.held);
        this.conservative = (BitSet) builder.conservative.clone();
        this.ownerSources = Arrays.copyOf(builder.ownerSources, builder.owned);
        this.ownerTargets = Arrays.copyOf(builder.ownerTargets, builder.owned);
        this.conditional = List.copyOf(builder.conditional);
    }

    /** How many records make an object a root itself; one object may have several. */
    public int rootCount() {
        return rootAddresses.length;
    }

    /** Kind of a root record. */
    public RootKind rootKind(int root) {
        return KINDS[rootKinds[root]];
    }

    /** Address of a root record's object; it need not be in the dump. */
    public long rootAddress(int root) {
        return rootAddresses[root];
    }

    /** The holders; a parent comes before its children. Each is made anew when it is asked for. */
    public List<Holder> holders() {
        return holders;
    }

    /** How many references go out from holders. */
    public int heldCount() {
        return heldBy.length;
    }

    /** The holder that holds the reference, as an index into {@link #holders()}; ascending. */
    public int heldBy(int reference) {
        return heldBy[reference];
    }

    /** The address that a holder's reference points to; it need not be in the dump. */
    public long heldAddress(int reference) {
        return heldAddresses[reference];
    }

    /**
     * Whether the holder's reference may be no reference at all: it counts only if nothing else reaches the object, so that
     * a word left over on a stack does not take an object away from what really holds it.
     */
    public boolean heldConservatively(int reference) {
        return conservative.get(reference);
    }

    /** Whether there are such references. */
    public boolean anyConservative() {
        return !conservative.isEmpty();
    }

    /** How many references an object has beyond those in its own fields (locals of a thread in MAT's model). */
    public int ownedCount() {
        return ownerSources.length;
    }

    /** The object that has the additional reference. */
    public long ownedSource(int reference) {
        return ownerSources[reference];
    }

    /** The address that the additional reference points to. */
    public long ownedTarget(int reference) {
        return ownerTargets[reference];
    }

    /** Roots that count only while their source is otherwise unreachable, in the order in which they are tried. */
    public List<ConditionalRoot> conditional() {
        return conditional;
    }

    /** How many root records and holders there are of each kind, in the order of the kinds. */
    public Map<RootKind, Long> countsByKind() {
        Map<RootKind, Long> counts = new EnumMap<>(RootKind.class);
        for (int i = 0; i < rootCount(); i++) {
            counts.merge(rootKind(i), 1L, Long::sum);
        }
        for (Holder holder : holders) {
            counts.merge(holder.kind(), 1L, Long::sum);
        }
        return counts;
    }

    private static final RootKind[] KINDS = RootKind.values();

    /** Collects roots; used by one thread. */
    public static final class Builder {
        private byte[] rootKinds = new byte[64];
        private long[] rootAddresses = new long[64];
        private int roots;
        private final HolderColumns holders = new HolderColumns();
        private int[] heldBy = new int[16];
        private long[] heldAddresses = new long[16];
        private int held;
        private final BitSet conservative = new BitSet();
        private long[] ownerSources = new long[16];
        private long[] ownerTargets = new long[16];
        private int owned;
        private final List<ConditionalRoot> conditional = new java.util.ArrayList<>();

        /** An object that is a root itself. */
        public void root(RootKind kind, long address) {
            if (roots == rootAddresses.length) {
                rootKinds = Arrays.copyOf(rootKinds, roots * 2);
                rootAddresses = Arrays.copyOf(rootAddresses, roots * 2);
            }
            rootKinds[roots] = (byte) kind.ordinal();
            rootAddresses[roots++] = address;
        }

        /** A holder; returns its index. */
        public int holder(Holder holder) {
            holders.add(holder);
            return holders.size() - 1;
        }

        /** The holder holds the address; holders must come in ascending order. */
        public void held(int holder, long address) {
            if (held == heldBy.length) {
                heldBy = Arrays.copyOf(heldBy, held * 2);
                heldAddresses = Arrays.copyOf(heldAddresses, held * 2);
            }
            if (held > 0 && heldBy[held - 1] > holder) {
                throw new IllegalArgumentException("holder " + holder + " after " + heldBy[held - 1]);
            }
            heldBy[held] = holder;
            heldAddresses[held++] = address;
        }

        /** The holder may hold the address; see {@link DumpRoots#heldConservatively}. */
        public void heldConservatively(int holder, long address) {
            conservative.set(held);
            held(holder, address);
        }

        /** An additional reference of an object. */
        public void owned(long source, long target) {
            if (owned == ownerSources.length) {
                ownerSources = Arrays.copyOf(ownerSources, owned * 2);
                ownerTargets = Arrays.copyOf(ownerTargets, owned * 2);
            }
            ownerSources[owned] = source;
            ownerTargets[owned++] = target;
        }

        /** A root that counts only while its source is otherwise unreachable. */
        public void conditional(ConditionalRoot root) {
            conditional.add(root);
        }

        /** The finished columns; the builder is used up. */
        public DumpRoots build() {
            return new DumpRoots(this);
        }
    }
}

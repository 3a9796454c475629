package dev.holdfast.roots;

import dev.holdfast.dump.RootKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the heap that one owner holds and that is large enough to be told of first.
 *
 * @param judgement whether it may be a leak
 * @param owner who holds it
 * @param path from what the owner holds to where it spreads, both included; of a group, to its objects
 * @param retainedBytes what would be free without it
 * @param share of the reachable heap, 0 to 1
 * @param droppableBytes how much of that is reachable only softly, or more weakly: the virtual machine may drop it
 * @param point the object below which it spreads; null for a group that has no object in common
 * @param elements what it consists of: the program's own type that most of it is; null for a single object
 * @param types what is in it by type, largest shallow size first, a few
 * @param reachedFrom of objects without a single owner, who reaches them
 * @param parts where it divides if it has no elements: what its largest references retain
 */
public record Suspect(
        Judgement judgement,
        Owner owner,
        List<Step> path,
        long retainedBytes,
        double share,
        long droppableBytes,
        @Nullable Point point,
        @Nullable Amount elements,
        List<Amount> types,
        List<Step> parts,
        List<Reached> reachedFrom) {

    /** Whether it is many objects of a type that several roots reach, so that nobody holds them alone. */
    public boolean isOwnerless() {
        return owner.kind() == null && !path.isEmpty() && path.get(0).objects() > 1;
    }

    /** The same, of an owner that was found later, or of several. */
    Suspect with(Owner found, List<Reached> together) {
        return new Suspect(
                judgement, found, path, retainedBytes, share, droppableBytes, point, elements, types, parts, together);
    }

    /** What kind of holding it is. */
    public enum Judgement {
        /** It may be a leak. */
        SUSPECT,
        /** Only softly reachable: the virtual machine drops it before it runs out of memory. */
        SOFT_CACHE,
        /** Reachable more weakly still: the next collection may drop it. */
        WEAK,
        /** One object without references that was never written: there to make the collector run less often. */
        BALLAST,
        /** In a {@code sync.Pool}, which the collector empties. */
        POOL
    }

    /**
     * Who holds it.
     *
     * @param kind kind of root; null if several roots do together
     * @param name of the root: variable, thread, class, function that goroutines began with
     * @param count how many goroutines or threads it is
     * @param function where on the stack of a thread or goroutine; null if it is held in another way
     * @param creator the function that started the goroutines; null if it is not known or not the same for most
     * @param waiting what goroutines wait for, in the runtime's words; null if it is not known or not the same for most
     * @param stackBytes of goroutines, memory of their stacks, not part of the heap; -1 where the dump does not tell
     * @param staticClass class that has it in a static field; null if none does
     * @param staticField that field
     * @param loader class loader on the way or of that class, type and name; null if it is the virtual machine's own
     * @param threadLocal static field with the thread local it is the value of, or its type; null if it is none
     */
    public record Owner(
            @Nullable RootKind kind,
            String name,
            long count,
            @Nullable String function,
            @Nullable String creator,
            @Nullable String waiting,
            long stackBytes,
            @Nullable String staticClass,
            @Nullable String staticField,
            @Nullable String loader,
            @Nullable String threadLocal) {

        /** One that is known by its root alone. */
        static Owner of(@Nullable RootKind kind, String name, long count) {
            return new Owner(kind, name, count, null, null, null, -1, null, null, null, null);
        }
    }

    /**
     * One of several that reach objects together.
     *
     * @param kind kind of root; null if the name is that of a class or of a field
     * @param name its name
     * @param share of the objects that it reaches directly, as far as a sample of them tells
     */
    public record Reached(@Nullable RootKind kind, String name, double share) {}

    /**
     * A step of a path.
     *
     * @param kind what it is to the one before
     * @param via the reference that leads here; null if it is none or not one alone
     * @param name function of a frame, or type
     * @param objects how many objects stand here; 0 for a frame
     * @param retainedBytes what they retain
     * @param node one of them, the only one if they are one
     */
    public record Step(
            RetainedFrames.Kind kind, @Nullable String via, String name, long objects, long retainedBytes, int node) {}

    /**
     * Where it begins to spread.
     *
     * @param name its type
     * @param objects how many there are, mostly one
     * @param retainedBytes what they retain
     * @param node the object if it is one, else -1
     * @param elements how many elements it has if it is an array, else -1
     */
    public record Point(String name, long objects, long retainedBytes, int node, long elements) {}

    /**
     * Objects of a type.
     *
     * @param name the type
     * @param objects how many
     * @param shallowBytes their own size
     * @param retainedBytes with all they hold; {@link #UNKNOWN} where structures repeat whose first one lies above
     */
    public record Amount(String name, long objects, long shallowBytes, long retainedBytes) {
        /** In place of bytes. */
        public static final long UNKNOWN = -1;

        /** The same type twice. */
        Amount plus(Amount other) {
            boolean unknown = retainedBytes == UNKNOWN || other.retainedBytes == UNKNOWN;
            return new Amount(
                    name,
                    objects + other.objects,
                    shallowBytes + other.shallowBytes,
                    unknown ? UNKNOWN : retainedBytes + other.retainedBytes);
        }
    }
}

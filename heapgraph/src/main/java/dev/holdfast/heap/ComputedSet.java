package dev.holdfast.heap;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A set that is not stored: its size is known, its members are made as they are asked for. Cannot be changed. */
final class ComputedSet<T> extends AbstractSet<T> {
    private final int size;
    private final Supplier<Iterator<T>> members;
    private final Predicate<Object> membership;

    /**
     * A set.
     *
     * @param members iterates over exactly {@code size} members
     * @param membership whether an object is a member
     */
    ComputedSet(int size, Supplier<Iterator<T>> members, Predicate<Object> membership) {
        this.size = size;
        this.members = members;
        this.membership = membership;
    }

    @Override
    public Iterator<T> iterator() {
        return members.get();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean contains(Object object) {
        return membership.test(object);
    }
}

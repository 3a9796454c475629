package dev.holdfast.roots;

import dev.holdfast.dump.RootKind;
import java.util.Comparator;

/**
 * What a root is called: stable over two dumps of one program, without addresses.
 *
 * @param kind kind of root
 * @param name class, thread, thread and frame, or type of the object
 */
public record RootName(RootKind kind, String name) implements Comparable<RootName> {
    private static final Comparator<RootName> ORDER =
            Comparator.comparing(RootName::kind).thenComparing(RootName::name);

    /** By kind, then name: the order in which the first names an object that has several. */
    @Override
    public int compareTo(RootName other) {
        return ORDER.compare(this, other);
    }

    /** Kind and name for a person. */
    @Override
    public String toString() {
        return kind.label() + " " + name;
    }
}

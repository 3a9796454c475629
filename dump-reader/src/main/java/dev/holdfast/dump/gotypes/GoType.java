package dev.holdfast.dump.gotypes;

import java.util.List;

/**
 * A Go type, one object for each type of a program; immutable.
 *
 * <p>Other types are named by references, because types refer to each other in circles: {@link GoTypes#resolve} makes a
 * type of a reference. Equal by identity.
 */
public final class GoType {
    private final int id;
    private final GoKind kind;
    private final String name;
    private final long size;
    private final long descriptor;
    private final long length;
    private final long element;
    private final long key;
    private final long storage;
    private final List<GoField> fields;
    private final boolean direct;

    GoType(int id, Draft draft) {
        this.id = id;
        this.kind = draft.kind;
        this.name = draft.name;
        this.size = draft.size;
        this.descriptor = draft.descriptor;
        this.length = draft.length;
        this.element = draft.element;
        this.key = draft.key;
        this.storage = draft.storage;
        this.fields = List.copyOf(draft.fields);
        this.direct = draft.direct;
    }

    /** What is known of a type before it has a number. */
    static final class Draft {
        GoKind kind = GoKind.UNKNOWN;
        String name = "";
        long size;
        long descriptor;
        long length;
        long element;
        long key;
        long storage;
        List<GoField> fields = List.of();
        boolean direct;
    }

    /** Its number, in the order in which types were asked for; 0 is the unknown type. */
    public int id() {
        return id;
    }

    /** What it is. */
    public GoKind kind() {
        return kind;
    }

    /** Its name with full import paths, such as {@code map[string]*net/http.Client}. */
    public String name() {
        return name;
    }

    /** Bytes of one value. */
    public long size() {
        return size;
    }

    /** Address of its run-time descriptor, or 0. */
    public long descriptor() {
        return descriptor;
    }

    /** Elements of an array, methods of an interface, direction of a channel, else 0. */
    public long length() {
        return length;
    }

    /** Reference to the type it points to, or that its elements are of; 0 if none. */
    public long element() {
        return element;
    }

    /** Reference to the key type of a map; 0 if none. */
    public long key() {
        return key;
    }

    /** Reference to the type of a map's groups or buckets; 0 if none or unknown. */
    public long storage() {
        return storage;
    }

    /** Fields of a struct in ascending order, else none. */
    public List<GoField> fields() {
        return fields;
    }

    /** Whether an interface holds its values in its data word itself. */
    public boolean direct() {
        return direct;
    }

    @Override
    public String toString() {
        return name;
    }
}

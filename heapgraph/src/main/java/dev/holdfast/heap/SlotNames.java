package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpType;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the references of a heap are called, by type and slot, of class objects by object and slot: so that an index names
 * them without the dump. What follows from the types is not stored. Immutable once found.
 */
final class SlotNames {
    /** So many references are looked at when one without a slot is named. */
    private static final int MOST_REFERENCES = 1 << 16;

    private static final int SLOTS = 256;

    /** By type and slot. */
    private final Map<Long, String> ofTypes = new TreeMap<>();

    /** By the class object's number and slot. */
    private final Map<Long, String> ofClasses = new TreeMap<>();

    private final List<DumpType> types;

    private SlotNames(List<DumpType> types) {
        this.types = types;
    }

    /**
     * Asks for the names of all references that occur, and reads those that have no slot as far as they can be kept. One walk
     * over the references.
     */
    static SlotNames find(ObjectGraph graph, RecordingDump dump) throws IOException {
        SlotNames names = new SlotNames(graph.types());
        BitSet asked = new BitSet();
        for (int object = 0; object < graph.objectCount(); object++) {
            long end = graph.endReference(object);
            boolean read = false;
            for (long r = graph.firstReference(object); r < end; r++) {
                int slot = graph.slot(r);
                if (slot == NodeGraph.UNNAMED) {
                    if (!read
                            && !graph.isHolder(graph.target(r))
                            && !dump.reads().full()) {
                        dump.readReferences(graph.addressOf(object), MOST_REFERENCES);
                        read = true;
                    }
                } else {
                    names.ask(graph, dump, object, slot, asked);
                }
            }
        }
        return names;
    }

    private void ask(ObjectGraph graph, DumpFile dump, int object, int slot, BitSet asked) {
        int type = graph.typeOf(object);
        if (types.get(type).kind() == DumpType.Kind.CLASS) {
            ofClasses.putIfAbsent(key(object, slot), dump.referenceName(graph.addressOf(object), type, slot));
        } else if ((long) type * SLOTS + slot < Integer.MAX_VALUE && !asked.get(type * SLOTS + slot)) {
            asked.set(type * SLOTS + slot);
            String name = dump.referenceName(graph.addressOf(object), type, slot);
            if (!name.equals(derived(type, slot))) {
                ofTypes.put(key(type, slot), name);
            }
        }
    }

    private static long key(int which, int slot) {
        return (long) which * SLOTS + slot;
    }

    private String derived(int type, int slot) {
        DumpType of = types.get(type);
        List<String> fields = of.referenceFields();
        return of.kind() == DumpType.Kind.OBJECT_ARRAY ? "[]" : slot < fields.size() ? fields.get(slot) : "?";
    }

    /**
     * Name of a reference.
     *
     * @param object number of the object that has it
     * @param type type of that object
     */
    String name(int object, int type, int slot) {
        @Nullable
        String name = types.get(type).kind() == DumpType.Kind.CLASS
                ? ofClasses.get(key(object, slot))
                : ofTypes.get(key(type, slot));
        return name == null ? derived(type, slot) : name;
    }

    void write(IndexOutput out) {
        write(out, ofTypes);
        write(out, ofClasses);
    }

    private static void write(IndexOutput out, Map<Long, String> names) {
        out.number(names.size());
        names.forEach((key, name) -> {
            out.number(key);
            out.text(name);
        });
    }

    static SlotNames read(IndexInput in, List<DumpType> types) throws DumpFormatException {
        SlotNames names = new SlotNames(types);
        read(in, names.ofTypes);
        read(in, names.ofClasses);
        return names;
    }

    private static void read(IndexInput in, Map<Long, String> names) throws DumpFormatException {
        for (int left = in.count(2); left > 0; left--) {
            names.put(in.number(), in.text());
        }
    }
}

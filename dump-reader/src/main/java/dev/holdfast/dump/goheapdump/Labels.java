package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.goruntime.ProgramFile;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.gostack.GoroutineLabels;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels of goroutines: only the executable tells where a goroutine has them. */
final class Labels {
    /** Objects that one set of labels is made of, and the bytes of each; more is damage. */
    private static final int MOST_OBJECTS = 4096;

    private static final long LARGEST = 1 << 20;

    private final FirstPass known;
    private final KnownObjects objects;
    private final Slots slots;
    private final Map<Long, Map<String, String>> read = new HashMap<>();

    Labels(FirstPass known, KnownObjects objects, Slots slots) {
        this.known = known;
        this.objects = objects;
        this.slots = slots;
    }

    /** The labels of a goroutine; none without the executable. */
    Map<String, String> of(GoroutineRecord goroutine, ProgramNames names) throws IOException {
        ProgramFile program = names.file();
        if (program == null
                || known.parameters().release() == null
                || !program.layout().hasStruct("runtime.g")) {
            return Map.of();
        }
        StructLayout g = program.layout().struct("runtime.g");
        Slots.Slot slot = slots.read(goroutine.address(), 0);
        if (slot == null || !g.has("labels") || g.offset("labels") + slot.headerBytes() + Long.BYTES > slot.size()) {
            return Map.of();
        }
        long labels = slots.word(slot.contents() + slot.headerBytes() + g.offset("labels"));
        Map<String, String> found = read.get(labels);
        if (found == null) {
            MemoryImage memory = program.memory().with(pieces(labels));
            found = new GoroutineLabels(
                            memory.reader(), known.parameters().release().minor())
                    .at(labels);
            read.put(labels, found);
        }
        return found;
    }

    /** All objects that can be reached from a set of labels: it leads to nothing but its own strings. */
    private SortedMap<Long, ByteBuffer> pieces(long labels) throws IOException {
        SortedMap<Long, ByteBuffer> pieces = new TreeMap<>(Long::compareUnsigned);
        ArrayDeque<Long> left = new ArrayDeque<>();
        left.add(labels);
        while (!left.isEmpty() && pieces.size() < MOST_OBJECTS) {
            long object = objects.objectAt(left.remove());
            Slots.Slot slot = object == 0 || pieces.containsKey(object) ? null : slots.read(object, MOST_OBJECTS);
            if (slot == null || slot.size() > LARGEST) {
                continue;
            }
            int length = (int) slot.size() - slot.headerBytes();
            pieces.put(object, ByteBuffer.wrap(slots.bytes(slot.contents() + slot.headerBytes(), length)));
            LongList targets = slots.targets(slot);
            for (int i = 0; i < targets.size(); i++) {
                left.add(targets.get(i));
            }
        }
        return pieces;
    }
}

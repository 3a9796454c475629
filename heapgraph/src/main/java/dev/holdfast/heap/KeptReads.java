package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ValueType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Single objects and elements as they were read from a dump, so that what needs a few names of class loaders can do without
 * it. Thread-safe. Memory: at most {@link #MOST_BYTES}; what is more is not kept.
 */
final class KeptReads {
    private static final ValueType[] VALUE_TYPES = ValueType.values();

    /** The names of 100,000 class loaders, or the beginnings of 100,000 arrays. */
    private static final long MOST_BYTES = 64L << 20;

    private final Map<Long, RecordedObject> objects = new LinkedHashMap<>();
    private final Map<Range, Elements> elements = new LinkedHashMap<>();
    private final Map<Long, References> references = new LinkedHashMap<>();
    private long bytes;

    /** Elements of an array from one on. */
    private record Range(long array, long from) {}

    /** What came of asking for so many elements. */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Elements(int asked, long[] values) {}

    /** What came of asking for so many references. */
    private record References(int asked, List<NamedReference> found) {}

    /** Whether there is no room for more than a few. */
    synchronized boolean full() {
        return bytes > MOST_BYTES - (1 << 16);
    }

    synchronized void keep(RecordedObject object) {
        long cost = 128 + 64L * object.fields().size();
        if (bytes + cost <= MOST_BYTES && objects.putIfAbsent(object.address(), object) == null) {
            bytes += cost;
        }
    }

    synchronized void keep(long array, long from, int asked, long[] values) {
        long cost = 128 + 8L * values.length;
        Range range = new Range(array, from);
        Elements known = elements.get(range);
        if (bytes + cost <= MOST_BYTES && (known == null || known.asked < asked)) {
            // Fewer than asked for are all there are.
            elements.put(range, new Elements(values.length < asked ? Integer.MAX_VALUE : asked, values.clone()));
            bytes += cost;
        }
    }

    synchronized void keep(long object, int asked, List<NamedReference> found) {
        long cost = 128 + 48L * found.size();
        References known = references.get(object);
        if (bytes + cost <= MOST_BYTES && (known == null || known.asked < asked)) {
            references.put(object, new References(found.size() < asked ? Integer.MAX_VALUE : asked, found));
            bytes += cost;
        }
    }

    /** The references, or null if they were not kept. */
    synchronized @Nullable List<NamedReference> references(long object, int limit) {
        References known = references.get(object);
        return known == null || known.asked < limit
                ? null
                : known.found.subList(0, Math.max(0, Math.min(limit, known.found.size())));
    }

    /** The object, or null if it was not kept. */
    synchronized @Nullable RecordedObject object(long address) {
        return objects.get(address);
    }

    /** The elements, or null if they were not kept. */
    synchronized long @Nullable [] elements(long array, long from, int count) {
        Elements known = elements.get(new Range(array, from));
        return known == null || known.asked < count
                ? null
                : Arrays.copyOf(known.values, Math.max(0, Math.min(count, known.values.length)));
    }

    synchronized void write(IndexOutput out) {
        out.number(objects.size());
        for (RecordedObject object : objects.values()) {
            out.word(object.address());
            out.number(object.type());
            out.signed(object.elementCount());
            out.list(object.fields(), field -> {
                out.text(field.name());
                out.text(field.declaringType());
                out.number(field.type().ordinal());
                out.signed(field.bits());
            });
            out.signed(object.offset());
        }
        out.number(elements.size());
        elements.forEach((range, known) -> {
            out.word(range.array);
            out.number(range.from);
            out.number(known.asked);
            out.number(known.values.length);
            for (long value : known.values) {
                out.signed(value);
            }
        });
        out.number(references.size());
        references.forEach((object, known) -> {
            out.word(object);
            out.number(known.asked);
            out.list(known.found, reference -> {
                out.text(reference.name());
                out.word(reference.target());
            });
        });
    }

    static KeptReads read(IndexInput in, int types) throws DumpFormatException {
        KeptReads kept = new KeptReads();
        for (int left = in.count(12); left > 0; left--) {
            kept.keep(new RecordedObject(
                    in.word(),
                    in.upTo(types - 1L, "type"),
                    in.signed(),
                    List.copyOf(in.list(
                            4, () -> new FieldValue(in.text(), in.text(), in.constant(VALUE_TYPES), in.signed()))),
                    in.signed()));
        }
        for (int left = in.count(11); left > 0; left--) {
            long array = in.word();
            long from = in.number();
            int asked = in.upTo(Integer.MAX_VALUE, "elements");
            long[] values = new long[in.count(1)];
            for (int i = 0; i < values.length; i++) {
                values[i] = in.signed();
            }
            kept.keep(array, from, asked, values);
        }
        for (int left = in.count(10); left > 0; left--) {
            long object = in.word();
            int asked = in.upTo(Integer.MAX_VALUE, "references");
            kept.keep(object, asked, List.copyOf(in.list(9, () -> new NamedReference(in.text(), in.word()))));
        }
        return kept;
    }
}

package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads values of the Java library's own objects: strings, system properties. Used by one thread. */
final class JavaHeap {
    private static final int MAX_STRING = 1 << 16;
    private static final int MAX_PROPERTIES = 10_000;

    private final ObjectReader reader;
    private final ClassTable classes;
    private long lastAddress;
    private @Nullable String lastString;

    JavaHeap(ObjectReader reader, ClassTable classes) {
        this.reader = reader;
        this.classes = classes;
    }

    @Nullable
    RecordedObject read(long address) throws IOException {
        return address == 0 ? null : reader.read(address);
    }

    /** A field's value, or the alternative. */
    static long number(@Nullable RecordedObject object, String field, long otherwise) {
        FieldValue value = object == null ? null : object.field(field);
        return value == null ? otherwise : value.bits();
    }

    /** The text of a {@code java.lang.String} or a {@code char[]}; null if the object is neither. */
    @Nullable
    String string(long address) throws IOException {
        // Unnamed virtual threads share one string, and there may be a million of them.
        if (address != lastAddress) {
            lastString = decoded(address);
            lastAddress = address;
        }
        return lastString;
    }

    private @Nullable String decoded(long address) throws IOException {
        RecordedObject object = read(address);
        if (object == null) {
            return null;
        }
        String type = classes.types().get(object.type()).name();
        if (type.equals("char[]")) {
            return chars(address, 0, object.elementCount());
        }
        if (!type.equals("java.lang.String")) {
            return null;
        }
        long value = object.reference("value");
        RecordedObject array = read(value);
        if (array == null) {
            return null;
        }
        if (classes.types().get(array.type()).name().equals("char[]")) {
            // JDK 5, 6 and 7 up to update 5 share arrays between strings (hprof.md 5.1).
            long from = number(object, "offset", 0);
            long count = number(object, "count", array.elementCount());
            return chars(value, from, Math.min(count, array.elementCount()));
        }
        long[] bytes = reader.elements(value, 0, MAX_STRING);
        boolean utf16 = number(object, "coder", 0) == 1;
        StringBuilder text = new StringBuilder(bytes.length);
        if (utf16) {
            for (int i = 0; i + 1 < bytes.length; i += 2) {
                text.append((char) ((bytes[i] & 0xff) | (bytes[i + 1] & 0xff) << 8));
            }
        } else {
            for (long b : bytes) {
                text.append((char) (b & 0xff));
            }
        }
        return text.toString();
    }

    private String chars(long array, long from, long count) throws IOException {
        long[] values = reader.elements(array, from, (int) Math.max(0, Math.min(count, MAX_STRING)));
        StringBuilder text = new StringBuilder(values.length);
        for (long c : values) {
            text.append((char) c);
        }
        return text.toString();
    }

    /** The system properties, or an empty map if they cannot be found. */
    Map<String, String> systemProperties() throws IOException {
        Map<String, String> properties = new HashMap<>();
        for (DumpType type : classes.types()) {
            if (type.name().equals("java.lang.System") && type.hasClassObject()) {
                RecordedObject system = read(type.classAddress());
                RecordedObject props = read(system == null ? 0 : system.reference("props"));
                if (props == null) {
                    props = read(system == null ? 0 : system.reference("systemProperties"));
                }
                if (props != null) {
                    RecordedObject map = read(props.reference("map"));
                    collect(map == null ? props : map, properties);
                }
            }
        }
        return properties;
    }

    private void collect(RecordedObject map, Map<String, String> properties) throws IOException {
        long table = map.reference("table");
        for (var bucket : reader.references(table, MAX_PROPERTIES)) {
            long at = bucket.target();
            for (int i = 0; at != 0 && i < MAX_PROPERTIES && properties.size() < MAX_PROPERTIES; i++) {
                RecordedObject entry = read(at);
                if (entry == null) {
                    break;
                }
                String key = string(entry.reference("key"));
                long valueAddress = entry.reference("val");
                String value = string(valueAddress != 0 ? valueAddress : entry.reference("value"));
                if (key != null && value != null) {
                    properties.put(key, value);
                }
                at = entry.reference("next");
            }
        }
    }

    /** Whether the type is the named class or a subclass of it. */
    boolean isKind(int type, String className) {
        List<DumpType> types = classes.types();
        int at = type;
        for (int depth = 0; at > 0 && depth < 1000; depth++) {
            if (types.get(at).name().equals(className)) {
                return true;
            }
            at = types.get(at).superType();
        }
        return false;
    }
}

package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Types of objects that no source describes whole: the records behind channels and maps, bytes of strings; thread-safe.
 *
 * <p>A channel or map value is a pointer; the object it leads to carries the language's name of the type.
 */
final class ObjectShapes {
    private final GoTypes types;
    private final RuntimeLayout layout;
    private final boolean swiss;
    private final GoType text;
    private final Map<GoType, GoType> channels = new ConcurrentHashMap<>();
    private final Map<GoType, GoType> maps = new ConcurrentHashMap<>();

    ObjectShapes(GoTypes types, RuntimeLayout layout, boolean swiss) {
        this.types = types;
        this.layout = layout;
        this.swiss = swiss;
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.TEXT;
        draft.name = "string";
        draft.size = 1;
        this.text = types.made("text", draft);
    }

    boolean swiss() {
        return swiss;
    }

    RuntimeLayout layout() {
        return layout;
    }

    /** Bytes of strings. */
    GoType text() {
        return text;
    }

    /** A pointer to a type. */
    GoType pointerTo(GoType target) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.POINTER;
        draft.name = "*" + target.name();
        draft.size = 8;
        draft.element = GoTypes.reference(target);
        draft.direct = true;
        return types.made("pointer " + target.id(), draft);
    }

    /** A slice of a type. */
    GoType sliceOf(GoType element) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.SLICE;
        draft.name = "[]" + element.name();
        draft.size = 24;
        draft.element = GoTypes.reference(element);
        return types.made("slice " + element.id(), draft);
    }

    /** What a channel with elements of that type points to. */
    GoType channel(GoType element) {
        return channels.computeIfAbsent(element, this::makeChannel);
    }

    private GoType makeChannel(GoType element) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.CHANNEL_OBJECT;
        draft.name = "chan " + element.name();
        draft.element = GoTypes.reference(element);
        draft.size = 96;
        GoType hchan = types.named("runtime.hchan");
        if (hchan.size() > 0) {
            draft.size = hchan.size();
            draft.fields = hchan.fields();
        } else if (layout.hasStruct("runtime.hchan")) {
            StructLayout struct = layout.struct("runtime.hchan");
            draft.size = struct.size();
            List<GoField> fields = new ArrayList<>();
            add(fields, struct, "buf", GoTypes.reference(pointerTo(types.unknown())));
            draft.fields = fields;
        }
        return types.made("channel " + element.id(), draft);
    }

    private static void add(List<GoField> fields, StructLayout struct, String name, long reference) {
        if (struct.has(name)) {
            fields.add(new GoField(name, struct.offset(name), false, reference));
        }
    }

    /** What a map of that type points to. */
    GoType map(GoType map) {
        return maps.computeIfAbsent(map, m -> swiss ? swissMap(m) : classicMap(m));
    }

    private GoType swissMap(GoType map) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.MAP_OBJECT;
        draft.name = mapName(map);
        draft.storage = map.storage();
        draft.element = map.element();
        draft.key = map.key();
        try {
            StructLayout struct = layout.struct("internal/runtime/maps.Map");
            draft.size = struct.size();
            List<GoField> fields = new ArrayList<>();
            add(fields, struct, "dirPtr", GoTypes.reference(pointerTo(types.unknown())));
            draft.fields = fields;
        } catch (UnknownLayoutException e) {
            draft.size = 48;
        }
        return types.made("map " + map.id(), draft);
    }

    /** A table of a Swiss map. */
    GoType table(GoType mapObject) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.MAP_TABLE;
        draft.name = "map.table" + mapObject.name().substring(3);
        draft.storage = mapObject.storage();
        try {
            StructLayout struct = layout.struct("internal/runtime/maps.table");
            draft.size = struct.size();
            List<GoField> fields = new ArrayList<>();
            add(fields, struct, "groups.data", GoTypes.reference(pointerTo(types.unknown())));
            draft.fields = fields;
        } catch (UnknownLayoutException e) {
            draft.size = 32;
        }
        return types.made("table " + mapObject.id(), draft);
    }

    private GoType classicMap(GoType map) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.MAP_OBJECT;
        draft.name = mapName(map);
        draft.element = map.element();
        draft.key = map.key();
        draft.storage = map.storage();
        GoType bucket = types.resolve(map.storage());
        try {
            StructLayout hmap = layout.struct("runtime.hmap");
            draft.size = hmap.size();
            long buckets = GoTypes.reference(pointerTo(bucket));
            List<GoField> fields = new ArrayList<>();
            add(fields, hmap, "buckets", buckets);
            add(fields, hmap, "oldbuckets", buckets);
            add(fields, hmap, "extra", GoTypes.reference(pointerTo(extra(bucket))));
            fields.sort((a, b) -> Long.compare(a.offset(), b.offset()));
            draft.fields = fields;
        } catch (UnknownLayoutException e) {
            draft.size = 48;
        }
        return types.made("map " + map.id(), draft);
    }

    /** What a classic map keeps beside its buckets: lists of those that do not fit in them. */
    private GoType extra(GoType bucket) {
        StructLayout struct = layout.struct("runtime.mapextra");
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.STRUCT;
        draft.name = "runtime.mapextra";
        draft.size = struct.size();
        GoType oneBucket = pointerTo(bucket);
        long list = GoTypes.reference(pointerTo(sliceOf(oneBucket)));
        List<GoField> fields = new ArrayList<>();
        add(fields, struct, "overflow", list);
        add(fields, struct, "oldoverflow", list);
        add(fields, struct, "nextOverflow", GoTypes.reference(oneBucket));
        fields.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        draft.fields = fields;
        return types.made("extra " + bucket.id(), draft);
    }

    private String mapName(GoType map) {
        return "map[" + types.resolve(map.key()).name() + "]"
                + types.resolve(map.element()).name();
    }
}

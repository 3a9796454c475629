package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.GoVersion;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a run-time type descriptor lie in one release; immutable.
 *
 * <p>Asked of the layout by name. Where the debugging information leaves a structure out, because no kept function names
 * it, the bytes are the same in all releases (go-core.md 3.14) but for those of maps.
 */
final class DescriptorLayout {
    final int size;
    final int pointerBytes;
    final int flags;
    final int align;
    final int fieldAlign;
    final int kind;
    final int pointerData;
    final int name;
    final int header;
    final int pointerElement;
    final int arrayElement;
    final int arrayLength;
    final int sliceElement;
    final int channelElement;
    final int channelDirection;
    final int structFields;
    final int interfaceMethods;
    final int functionIn;
    final int functionOut;
    final int functionSize;
    final int structSize;
    final int interfaceSize;
    final int arraySize;
    final int channelSize;
    final int fieldName;
    final int fieldType;
    final int fieldOffset;
    final int fieldSize;
    final int mapKey;
    final int mapElement;
    final int mapStorage;
    final int mapSize;

    /** Whether the field's offset is shifted to make room for a bit, as until Go 1.18. */
    final boolean shiftedOffsets;

    /** Bit of the kind that says that the mask is a program, or 0. */
    final int programBit;

    /** Bit of the flags that says that the mask is made on demand, or 0. */
    final int onDemandBit;

    /** Bit of the kind, or of the flags, that says that an interface holds the value itself. */
    final boolean directInFlags;

    DescriptorLayout(RuntimeLayout layout, GoVersion version) {
        Aliases type = new Aliases(layout, List.of("internal/abi.Type", "runtime._type"));
        size = type.offset(0, "Size_", "size");
        pointerBytes = type.offset(8, "PtrBytes", "ptrdata");
        flags = type.offset(20, "TFlag", "tflag");
        align = type.offset(21, "Align_", "align");
        fieldAlign = type.offset(22, "FieldAlign_", "fieldAlign");
        kind = type.offset(23, "Kind_", "kind");
        pointerData = type.offset(32, "GCData", "gcdata");
        name = type.offset(40, "Str", "str");
        header = type.size(48);
        Aliases pointer = new Aliases(layout, List.of("internal/abi.PtrType", "runtime.ptrtype"));
        pointerElement = pointer.offset(header, "Elem", "elem");
        Aliases array = new Aliases(layout, List.of("internal/abi.ArrayType", "runtime.arraytype"));
        arrayElement = array.offset(header, "Elem", "elem");
        arrayLength = array.offset(header + 16, "Len", "len");
        arraySize = array.size(header + 24);
        Aliases slice = new Aliases(layout, List.of("internal/abi.SliceType", "runtime.slicetype"));
        sliceElement = slice.offset(header, "Elem", "elem");
        Aliases channel = new Aliases(layout, List.of("internal/abi.ChanType", "runtime.chantype"));
        channelElement = channel.offset(header, "Elem", "elem");
        channelDirection = channel.offset(header + 8, "Dir", "dir");
        channelSize = channel.size(header + 16);
        Aliases struct = new Aliases(layout, List.of("internal/abi.StructType", "runtime.structtype"));
        structFields = struct.offset(header + 8, "Fields", "fields");
        structSize = struct.size(header + 32);
        Aliases iface = new Aliases(layout, List.of("internal/abi.InterfaceType", "runtime.interfacetype"));
        interfaceMethods = iface.offset(header + 8, "Methods", "mhdr");
        interfaceSize = iface.size(header + 32);
        Aliases function = new Aliases(layout, List.of("internal/abi.FuncType", "runtime.functype"));
        functionIn = function.offset(header, "InCount", "inCount");
        functionOut = function.offset(header + 2, "OutCount", "outCount");
        functionSize = function.size(header + 8);
        Aliases field = new Aliases(layout, List.of("internal/abi.StructField", "runtime.structfield"));
        fieldName = field.offset(0, "Name", "name");
        fieldType = field.offset(8, "Typ", "typ");
        fieldOffset = field.offset(16, "Offset", "offsetAnon", "offset");
        fieldSize = field.size(24);
        boolean swiss = swiss(layout, version);
        Aliases map = new Aliases(
                layout,
                swiss
                        ? List.of("internal/abi.SwissMapType", "internal/abi.MapType")
                        : List.of("internal/abi.OldMapType", "internal/abi.MapType", "runtime.maptype"));
        mapKey = map.offset(header, "Key", "key");
        mapElement = map.offset(header + 8, "Elem", "elem");
        mapStorage = map.offset(header + 16, swiss ? "Group" : "Bucket", "bucket");
        mapSize = map.size(!swiss ? header + 40 : version.atLeast(27) ? header + 88 : header + 64);
        shiftedOffsets = !version.atLeast(19);
        programBit = version.atLeast(24) ? 0 : 1 << 6;
        onDemandBit = version.atLeast(24) ? 1 << 4 : 0;
        directInFlags = version.atLeast(26);
    }

    /** Whether maps are Swiss tables: since Go 1.24, unless the experiment was switched off. */
    static boolean swiss(RuntimeLayout layout, GoVersion version) {
        if (version.experiments().contains("noswissmap")) {
            return false;
        }
        if (!version.atLeast(24)) {
            return false;
        }
        return version.atLeast(26) || !layout.hasStruct("runtime.hmap");
    }

    /** A structure that had other names of its own and of its fields in other releases. */
    private static final class Aliases {
        private final @Nullable StructLayout struct;

        Aliases(RuntimeLayout layout, List<String> names) {
            StructLayout found = null;
            for (String name : names) {
                if (found == null && layout.hasStruct(name)) {
                    found = layoutOf(layout, name);
                }
            }
            this.struct = found;
        }

        private static @Nullable StructLayout layoutOf(RuntimeLayout layout, String name) {
            try {
                return layout.struct(name);
            } catch (UnknownLayoutException e) {
                return null;
            }
        }

        int offset(int usual, String... names) {
            if (struct != null) {
                for (String name : names) {
                    if (struct.has(name)) {
                        return struct.offset(name);
                    }
                }
            }
            return usual;
        }

        int size(int usual) {
            return struct == null ? usual : (int) struct.size();
        }
    }
}

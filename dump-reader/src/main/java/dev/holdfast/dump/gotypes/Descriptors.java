package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.ModuleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads run-time type descriptors, from the program's read-only data or, where reflection made them, from the heap.
 *
 * <p>Nothing is believed before it fits: kind, size, alignment, parts, name. An address that is no descriptor gives null,
 * never a wrong type (a dead interface on a stack holds any word). Belongs to one thread.
 */
final class Descriptors {
    private static final int NAMED = 1 << 2;
    private static final int EXTRA_STAR = 1 << 1;
    private static final int UNCOMMON = 1;
    private static final int DIRECT = 1 << 5;
    private static final int MAX_FIELDS = 1 << 16;
    private static final int MAX_NAME = 1 << 16;
    private static final long MAX_SIZE = 1L << 46;

    private final GoTypes types;
    private final DescriptorLayout at;
    private final MemoryReader memory;
    private final List<ModuleData> modules;

    Descriptors(GoTypes types, DescriptorLayout layout, MemoryReader memory, List<ModuleData> modules) {
        this.types = types;
        this.at = layout;
        this.memory = memory;
        this.modules = modules;
    }

    /** The descriptor at an address, or null if there is none. */
    GoType.@Nullable Draft read(long address, int depth) {
        if (address == 0 || (address & 7) != 0) {
            return null;
        }
        try {
            return checked(address, depth);
        } catch (MissingMemoryException e) {
            return null;
        }
    }

    /** Whether a named type's descriptor may lie there; for looking through all descriptors. */
    boolean maybeNamed(long address) {
        try {
            return (memory.u8(address + at.flags) & (NAMED | UNCOMMON)) == (NAMED | UNCOMMON) && plausible(address);
        } catch (MissingMemoryException e) {
            return false;
        }
    }

    /** The module whose descriptors include the address, or null. */
    @Nullable
    ModuleData module(long address) {
        for (ModuleData module : modules) {
            if (Long.compareUnsigned(address, module.types()) >= 0
                    && Long.compareUnsigned(address, module.endTypes()) < 0) {
                return module;
            }
        }
        return null;
    }

    /** Bytes from the start of a value behind which there are no pointers. */
    long pointerBytes(long address) {
        return memory.word(address + at.pointerBytes);
    }

    /** Address of the mask of pointers, or 0 where the descriptor has it in another form. */
    long plainMask(long address) {
        boolean other = (memory.u8(address + at.kind) & at.programBit) != 0
                || (memory.u8(address + at.flags) & at.onDemandBit) != 0;
        return other ? 0 : memory.word(address + at.pointerData);
    }

    private GoType.@Nullable Draft checked(long address, int depth) {
        int kindByte = memory.u8(address + at.kind);
        GoKind kind = GoKind.of(kindByte & 0x1f);
        long size = memory.word(address + at.size);
        long pointerBytes = memory.word(address + at.pointerBytes);
        int align = memory.u8(address + at.align);
        if (kind == GoKind.UNKNOWN
                || size < 0
                || size > MAX_SIZE
                || kind.size() >= 0 && kind.size() != size
                || pointerBytes < 0
                || pointerBytes > size
                || (pointerBytes & 7) != 0
                || align == 0
                || align > 8
                || (align & align - 1) != 0
                || memory.u8(address + at.fieldAlign) > 8
                || kind.isPointerWord() && pointerBytes != 8) {
            return null;
        }
        int flags = memory.u8(address + at.flags);
        GoType.Draft draft = new GoType.Draft();
        draft.kind = kind;
        draft.size = size;
        draft.descriptor = address;
        draft.direct = ((at.directInFlags ? flags : kindByte) & DIRECT) != 0;
        if (!parts(draft, address)) {
            return null;
        }
        @Nullable ModuleData module = module(address);
        String name = module == null ? "" : stringForm(module, address, flags);
        if (module != null && name.isEmpty()) {
            return null;
        }
        if ((flags & NAMED) != 0) {
            if (module == null) {
                return null;
            }
            draft.name = TypeNames.qualified(packagePath(module, address, kind, flags), name);
        } else if (kind == GoKind.FUNC) {
            draft.name = functionName(address, flags, depth);
        } else {
            draft.name = TypeNames.composed(types, draft, name, depth);
        }
        return draft.name.isEmpty() ? null : draft;
    }

    /** What follows the common part; false if it does not fit. */
    private boolean parts(GoType.Draft draft, long address) {
        switch (draft.kind) {
            case POINTER:
                draft.element = memory.word(address + at.pointerElement);
                return plausible(draft.element);
            case SLICE:
                draft.element = memory.word(address + at.sliceElement);
                return plausible(draft.element);
            case CHAN:
                draft.element = memory.word(address + at.channelElement);
                draft.length = memory.word(address + at.channelDirection);
                return plausible(draft.element) && draft.length >= 1 && draft.length <= 3;
            case ARRAY:
                draft.element = memory.word(address + at.arrayElement);
                draft.length = memory.word(address + at.arrayLength);
                return plausible(draft.element)
                        && draft.length >= 0
                        && Math.multiplyHigh(draft.length, memory.word(draft.element + at.size)) == 0
                        && draft.length * memory.word(draft.element + at.size) == draft.size;
            case MAP:
                draft.key = memory.word(address + at.mapKey);
                draft.element = memory.word(address + at.mapElement);
                draft.storage = memory.word(address + at.mapStorage);
                return plausible(draft.key) && plausible(draft.element) && plausible(draft.storage);
            case STRUCT:
                return fields(draft, address);
            case INTERFACE:
                draft.length = memory.word(address + at.interfaceMethods + 8);
                return draft.length >= 0 && draft.length <= MAX_FIELDS;
            default:
                return true;
        }
    }

    private boolean fields(GoType.Draft draft, long address) {
        long list = memory.word(address + at.structFields);
        long count = memory.word(address + at.structFields + 8);
        if (count < 0 || count > MAX_FIELDS || count > memory.word(address + at.structFields + 16)) {
            return false;
        }
        List<GoField> fields = new ArrayList<>((int) Math.min(count, 64));
        long previous = 0;
        for (int i = 0; i < count; i++) {
            long field = list + (long) i * at.fieldSize;
            long type = memory.word(field + at.fieldType);
            long offset = memory.word(field + at.fieldOffset);
            long nameAt = memory.word(field + at.fieldName);
            int nameFlags = memory.u8(nameAt);
            boolean embedded = (nameFlags & 8) != 0;
            if (at.shiftedOffsets) {
                embedded = (offset & 1) != 0;
                offset >>>= 1;
            }
            if (!plausible(type) || offset < previous || offset > draft.size) {
                return false;
            }
            previous = offset + memory.word(type + at.size);
            if (previous > draft.size) {
                return false;
            }
            fields.add(new GoField(nameAt(nameAt), offset, embedded, type));
        }
        draft.fields = fields;
        return true;
    }

    /** Whether a descriptor may lie there, without reading on: types refer to each other in circles. */
    private boolean plausible(long address) {
        if (address <= 0 || (address & 7) != 0 || address >>> 56 != 0) {
            return false;
        }
        GoKind kind = GoKind.of(memory.u8(address + at.kind) & 0x1f);
        long size = memory.word(address + at.size);
        return kind != GoKind.UNKNOWN && size >= 0 && size <= MAX_SIZE && (kind.size() < 0 || kind.size() == size);
    }

    private String stringForm(ModuleData module, long address, int flags) {
        String text = nameAt(module.types() + memory.i32(address + at.name));
        return (flags & EXTRA_STAR) != 0 && text.startsWith("*") ? text.substring(1) : text;
    }

    private String packagePath(ModuleData module, long address, GoKind kind, int flags) {
        if ((flags & UNCOMMON) == 0) {
            return "";
        }
        int offset = memory.i32(address + tail(kind));
        return offset == 0 ? "" : nameAt(module.types() + offset);
    }

    /** Bytes of a descriptor before the part about methods. */
    private int tail(GoKind kind) {
        switch (kind) {
            case POINTER:
            case SLICE:
                return at.header + 8;
            case FUNC:
                return at.functionSize;
            case ARRAY:
                return at.arraySize;
            case CHAN:
                return at.channelSize;
            case MAP:
                return at.mapSize;
            case STRUCT:
                return at.structSize;
            case INTERFACE:
                return at.interfaceSize;
            default:
                return at.header;
        }
    }

    private String functionName(long address, int flags, int depth) {
        int in = memory.u16(address + at.functionIn);
        int out = memory.u16(address + at.functionOut);
        long list = address + at.functionSize + ((flags & UNCOMMON) != 0 ? 16 : 0);
        boolean variadic = (out & 0x8000) != 0;
        return TypeNames.function(types, memory, list, in, out & 0x7fff, variadic, depth);
    }

    /** A name as the compiler encodes it: flags, length, bytes. */
    private String nameAt(long address) {
        long at = address + 1;
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int b = memory.u8(at++);
            length |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                break;
            }
            if (shift > 14) {
                return "";
            }
        }
        if (length > MAX_NAME) {
            return "";
        }
        return new String(memory.bytes(at, length), StandardCharsets.UTF_8);
    }
}

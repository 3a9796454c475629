package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfType;
import dev.holdfast.dump.dwarf.DwarfVariable;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.goruntime.StructLayout.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Layouts from a program's own debugging information; structures are looked up when first asked for. */
final class DwarfLayout implements RuntimeLayout {
    /** Deeper than any structure of the runtime nests by value; a forged type may contain itself. */
    private static final int DEPTH = 8;

    private static final int MOST_FIELDS = 4096;

    private final Dwarf dwarf;
    private final ElfFile executable;
    private final long bias;
    private final Map<String, Optional<StructLayout>> structs = new ConcurrentHashMap<>();

    DwarfLayout(Dwarf dwarf, ElfFile executable, long bias) {
        this.dwarf = dwarf;
        this.executable = executable;
        this.bias = bias;
    }

    @Override
    public StructLayout struct(String name) {
        return structs.computeIfAbsent(name, this::read).orElseThrow(() -> new UnknownLayoutException(name));
    }

    @Override
    public boolean hasStruct(String name) {
        return structs.computeIfAbsent(name, this::read).isPresent();
    }

    @Override
    public long address(String variable) {
        long address = linked(variable);
        if (address == 0) {
            throw new UnknownLayoutException(variable);
        }
        return address + bias;
    }

    @Override
    public boolean hasAddress(String variable) {
        return linked(variable) != 0;
    }

    private long linked(String variable) {
        DwarfVariable known = dwarf.global(variable);
        return known != null ? known.address() : executable.symbol(variable);
    }

    @Override
    public OptionalLong constant(String name) {
        return dwarf.constant(name);
    }

    private Optional<StructLayout> read(String name) {
        long offset = dwarf.typeNamed(name);
        if (offset < 0) {
            return Optional.empty();
        }
        DwarfType type = unnamed(dwarf.type(offset));
        Map<String, Place> places = new HashMap<>();
        add(type, "", 0, 0, places);
        return Optional.of(new StructLayout(name, type.size(), places));
    }

    private void add(DwarfType struct, String prefix, long base, int depth, Map<String, Place> places) {
        for (DwarfType.Field field : struct.fields()) {
            if (places.size() >= MOST_FIELDS) {
                return;
            }
            DwarfType type = unnamed(dwarf.type(field.type()));
            long offset = base + field.offset();
            places.put(prefix + field.name(), new Place((int) offset, (int)
                    number(type).size()));
            if (type.kind() == DwarfType.Kind.STRUCT && depth < DEPTH) {
                add(type, prefix + field.name() + ".", offset, depth + 1, places);
            }
        }
    }

    /** What an atomic type wraps, and a structure that has one field only; the type itself where it is no such. */
    private DwarfType number(DwarfType type) {
        DwarfType at = type;
        for (int depth = 0; depth < DEPTH && at.kind() == DwarfType.Kind.STRUCT; depth++) {
            DwarfType inner = null;
            int fields = 0;
            for (DwarfType.Field field : at.fields()) {
                DwarfType candidate = unnamed(dwarf.type(field.type()));
                if (candidate.size() > 0 && field.offset() == 0) {
                    inner = candidate;
                }
                fields += candidate.size() > 0 ? 1 : 0;
            }
            if (inner == null || fields != 1) {
                return at;
            }
            at = inner;
        }
        return at;
    }

    /** The type behind names for it. */
    private DwarfType unnamed(DwarfType type) {
        DwarfType at = type;
        for (int depth = 0; depth < DEPTH && at.kind() == DwarfType.Kind.TYPEDEF && at.element() >= 0; depth++) {
            at = dwarf.type(at.element());
        }
        return at;
    }
}

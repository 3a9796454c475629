package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfType;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.GoVersion;
import dev.holdfast.dump.goruntime.ModuleData;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All types of a program, each one object, read when first asked for.
 *
 * <p>A type that has a run-time descriptor is read from it, whoever asks; the debugging information leads there through
 * {@code go_runtime_type}. Only types without a descriptor, and a program whose descriptors are missing, are described by
 * the debugging information. So both sources give one identity. Thread-safe; about 300 bytes a type.
 */
public final class GoTypes {
    /** Marks a reference as the offset of an entry of the debugging information. */
    private static final long DWARF = 1L << 62;

    /** Marks a reference as the number of a type. */
    private static final long NUMBER = 1L << 61;

    private static final int MAX_DEPTH = 64;

    /** Bytes of a module's descriptors that are looked through at most. */
    private static final long MOST_DESCRIPTORS = 1L << 28;

    private final Descriptors descriptors;
    private final DescriptorLayout layout;
    private final @Nullable Dwarf dwarf;
    private final List<ModuleData> modules;
    private final MemoryReader memory;
    private final List<GoType> all = new ArrayList<>();
    private final Map<Long, GoType> byReference = new HashMap<>();
    private final Map<String, GoType> made = new HashMap<>();
    private final GoType unknown;
    private @Nullable Map<String, Long> namedDescriptors;

    /** The types of a program. */
    public GoTypes(GoProgram program) {
        this(program.memory(), program.layout(), program.version(), program.modules(), program.dwarf());
    }

    /** The types of a program, of which only this is known. */
    GoTypes(
            MemoryImage memory,
            RuntimeLayout layout,
            GoVersion version,
            List<ModuleData> modules,
            @Nullable Dwarf dwarf) {
        this.memory = memory.reader();
        this.layout = new DescriptorLayout(layout, version);
        this.modules = List.copyOf(modules);
        this.dwarf = dwarf;
        this.descriptors = new Descriptors(this, this.layout, this.memory, this.modules);
        GoType.Draft nothing = new GoType.Draft();
        nothing.name = "unknown";
        this.unknown = add(nothing);
    }

    /** The type of which nothing is known, number 0. */
    public GoType unknown() {
        return unknown;
    }

    /** How many types were asked for so far. */
    public synchronized int count() {
        return all.size();
    }

    /** The type of a number. */
    public synchronized GoType get(int id) {
        return all.get(id);
    }

    /** A reference to a type. */
    public static long reference(GoType type) {
        return NUMBER | type.id();
    }

    /** A reference to the type whose entry in the debugging information lies at an offset. */
    public static long dwarfReference(long offset) {
        return offset < 0 ? 0 : DWARF | offset;
    }

    /** The type with a run-time descriptor at the address, or the unknown type if there is none. */
    public GoType ofDescriptor(long address) {
        return ofDescriptor(address, 0);
    }

    GoType ofDescriptor(long address, int depth) {
        return (address & (DWARF | NUMBER)) != 0 || address < 0 ? unknown : resolve(address, depth);
    }

    /** The type whose entry in the debugging information lies at an offset, or the unknown type. */
    public GoType ofDwarf(long offset) {
        return resolve(dwarfReference(offset), 0);
    }

    /** The first type of that name in the debugging information, else among the descriptors, or the unknown type. */
    public GoType named(String name) {
        GoType type = dwarf == null ? unknown : ofDwarf(dwarf.typeNamed(name));
        return type.id() != 0 ? type : resolve(namedDescriptors().getOrDefault(name, 0L), 0);
    }

    /**
     * Named types by name, found by looking at each word among the descriptors: no list has all of them, and the linker
     * leaves types out of the debugging information that no kept function names (go-core.md 2.2).
     */
    private synchronized Map<String, Long> namedDescriptors() {
        if (namedDescriptors == null) {
            Map<String, Long> found = new HashMap<>();
            for (ModuleData module : modules) {
                long end = Math.min(module.endTypes(), module.types() + MOST_DESCRIPTORS);
                for (long at = module.types() + 7 & -8; at < end; at += 8) {
                    if (descriptors.maybeNamed(at)) {
                        GoType.Draft draft = descriptors.read(at, 0);
                        if (draft != null) {
                            found.putIfAbsent(draft.name, at);
                        }
                    }
                }
            }
            namedDescriptors = found;
        }
        return namedDescriptors;
    }

    /** The type that a reference leads to, or the unknown type. */
    public GoType resolve(long reference) {
        return resolve(reference, 0);
    }

    synchronized GoType resolve(long reference, int depth) {
        if (reference == 0 || depth > MAX_DEPTH) {
            return unknown;
        }
        if ((reference & NUMBER) != 0) {
            long number = reference & ~NUMBER;
            // A forged descriptor may point anywhere.
            return number >= 0 && number < all.size() ? all.get((int) number) : unknown;
        }
        @Nullable GoType known = byReference.get(reference);
        if (known != null) {
            return known;
        }
        GoType type =
                (reference & DWARF) != 0 ? fromDwarf(reference & ~DWARF, depth) : fromDescriptor(reference, depth);
        byReference.put(reference, type);
        return type;
    }

    /** A type that no source describes but that is put together here; one of each key. */
    synchronized GoType made(String key, GoType.Draft draft) {
        @Nullable GoType known = made.get(key);
        if (known == null) {
            known = add(draft);
            made.put(key, known);
        }
        return known;
    }

    /** Address of the mask of a type's pointers by its descriptor, or 0 where there is none in plain form. */
    synchronized long plainMask(GoType type) {
        return descriptors.plainMask(type.descriptor());
    }

    /** Whether an interface type has no methods. */
    static boolean isEmptyInterface(GoType type) {
        return type.kind() == GoKind.INTERFACE && type.length() == 0;
    }

    /** Bytes from the start of a value behind which there are no pointers; only for types with a descriptor. */
    synchronized long pointerBytes(GoType type) {
        return descriptors.pointerBytes(type.descriptor());
    }

    /** Whether an address lies among the program's own descriptors. */
    boolean amongDescriptors(long address) {
        return descriptors.module(address) != null;
    }

    private GoType add(GoType.Draft draft) {
        GoType type = new GoType(all.size(), draft);
        all.add(type);
        return type;
    }

    private GoType fromDescriptor(long address, int depth) {
        GoType.@Nullable Draft draft = descriptors.read(address, depth);
        if (draft == null) {
            return unknown;
        }
        // Naming it may have led here in a circle.
        @Nullable GoType known = byReference.get(address);
        return known != null ? known : add(draft);
    }

    private GoType fromDwarf(long offset, int depth) {
        if (dwarf == null) {
            return unknown;
        }
        DwarfType entry = dwarf.type(offset);
        DwarfType inner = entry;
        for (int i = 0;
                i < MAX_DEPTH && inner.kind() == DwarfType.Kind.TYPEDEF && inner.goKind() == 0 && inner.element() >= 0;
                i++) {
            inner = dwarf.type(inner.element());
        }
        if (inner.goRuntimeType() != 0 && !modules.isEmpty()) {
            GoType type = resolve(modules.get(0).types() + inner.goRuntimeType(), depth + 1);
            if (type.id() != 0) {
                return type;
            }
        }
        if (inner.offset() != offset && inner.name().equals(entry.name())) {
            return resolve(dwarfReference(inner.offset()), depth + 1);
        }
        GoType.Draft draft = DwarfTypes.draft(this, inner, depth);
        if (draft.kind == GoKind.UNKNOWN) {
            return unknown;
        }
        if (inner.offset() != offset && !entry.name().isEmpty()) {
            draft.name = TypeNames.plain(entry.name());
        }
        @Nullable GoType known = byReference.get(dwarfReference(offset));
        return known != null ? known : add(draft);
    }

    /** Whether an entry for an interface type stands for one without methods. */
    boolean isEmptyInterfaceEntry(DwarfType entry) {
        DwarfType inner = entry;
        for (int i = 0; dwarf != null && i < 8 && inner.element() >= 0; i++) {
            inner = dwarf.type(inner.element());
            if (inner.name().equals("runtime.eface")) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    Dwarf dwarf() {
        return dwarf;
    }

    MemoryReader newReader() {
        return memory.copy();
    }
}

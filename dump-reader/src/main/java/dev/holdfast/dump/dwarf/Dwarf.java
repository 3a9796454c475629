package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The debugging information of a program; entries are read when asked for. Thread-safe.
 *
 * <p>Units of other languages than Go are passed over. Damage costs a warning and the part it is in: a type that cannot be
 * read is {@link DwarfType.Kind#OTHER} of size 0, a function loses its variables.
 *
 * <p>Memory: the unpacked sections, 8 bytes an indexed name, 20 a function, and the types and functions asked for last.
 */
public final class Dwarf {
    /** Code of the warnings. */
    static final String DAMAGED = "dwarf-damaged";

    /** Types kept; a typing engine asks for the same few over and over. */
    private static final int TYPES_KEPT = 4096;

    /** Functions kept; goroutines that wait stand in the same few. */
    private static final int FUNCTIONS_KEPT = 512;

    /** Entries that were too large to be read until no others are; each costs up to 0.3 s. */
    private static final int MOST_COSTLY = 100;

    private final Index index;
    private final Warnings warnings;
    private final List<DwarfUnit> units;
    private final AtomicReferenceArray<@Nullable DwarfType> types = new AtomicReferenceArray<>(TYPES_KEPT);
    private final AtomicReferenceArray<@Nullable DwarfFunction> functions = new AtomicReferenceArray<>(FUNCTIONS_KEPT);

    private final AtomicInteger costly = new AtomicInteger();

    private Dwarf(Index index, Warnings warnings) {
        this.index = index;
        this.warnings = warnings;
        List<DwarfUnit> found = new ArrayList<>();
        for (Unit unit : index.units.list()) {
            if (unit.go) {
                found.add(new DwarfUnit(unit.name, unit.producer));
            }
        }
        this.units = List.copyOf(found);
    }

    /** Reads the index of a program's debugging information, or null if it has none of Go code. */
    public static @Nullable Dwarf open(ElfFile executable, Warnings warnings) throws IOException {
        return open(Sections.of(executable, warnings), warnings);
    }

    static @Nullable Dwarf open(Sections sections, Warnings warnings) {
        if (sections.info().limit() == 0) {
            return null;
        }
        Dwarf dwarf = new Dwarf(Index.of(sections, warnings), warnings);
        return dwarf.units.isEmpty() ? null : dwarf;
    }

    /** The units of Go code, in the order of the file. */
    public List<DwarfUnit> units() {
        return units;
    }

    /** Go's compiler with its version and flags, as the unit of package {@code runtime} says it; empty if none does. */
    public String producer() {
        String any = "";
        for (DwarfUnit unit : units) {
            if (unit.producer().startsWith("Go cmd/compile ")) {
                if (unit.name().equals("runtime")) {
                    return unit.producer();
                }
                any = any.isEmpty() ? unit.producer() : any;
            }
        }
        return any;
    }

    /** The type whose entry lies at an offset; one of kind {@link DwarfType.Kind#OTHER} for a negative offset. */
    public DwarfType type(long offset) {
        if (offset < 0 || costly.get() > MOST_COSTLY) {
            return TypeReader.unknown(offset);
        }
        int slot = (int) ((offset * 0x9E3779B97F4A7C15L) >>> 52);
        DwarfType known = types.get(slot);
        if (known != null && known.offset() == offset) {
            return known;
        }
        DwarfType type;
        try {
            type = new TypeReader(index.units).read(offset);
        } catch (DamagedDwarfException e) {
            damaged(offset, e);
            type = TypeReader.unknown(offset);
        }
        types.set(slot, type);
        return type;
    }

    /** Offset of the first type of that name, or -1. A struct comes before the typedef of its name. */
    public long typeNamed(String name) {
        return find(index.types, name);
    }

    /** Offset of the type that has this run-time descriptor (see {@link DwarfType#goRuntimeType}), or -1. */
    public long typeOfDescriptor(long goRuntimeType) {
        return index.typeOfDescriptor(goRuntimeType);
    }

    /** All package variables, in the order of the file; read anew at every call. */
    public List<DwarfVariable> globals() {
        List<DwarfVariable> globals = new ArrayList<>(index.variableOffsets.length);
        for (int offset : index.variableOffsets) {
            DwarfVariable variable = variable(offset);
            if (variable != null) {
                globals.add(variable);
            }
        }
        return globals;
    }

    /** The package variable of that name, or null. */
    public @Nullable DwarfVariable global(String name) {
        long offset = find(index.variables, name);
        return offset < 0 ? null : variable(offset);
    }

    /** A constant by name. */
    public OptionalLong constant(String name) {
        long offset = find(index.constants, name);
        if (offset >= 0) {
            try {
                Entry entry = new Entry();
                index.units.read(entry, offset);
                if (entry.has(Attribute.CONST_VALUE)) {
                    return OptionalLong.of(entry.number(Attribute.CONST_VALUE, 0));
                }
            } catch (DamagedDwarfException e) {
                damaged(offset, e);
            }
        }
        return OptionalLong.empty();
    }

    /** The function that contains a program counter as linked, with its variables, or null. */
    public @Nullable DwarfFunction function(long pc) {
        int number = index.functions.at(pc);
        return number < 0 ? null : functionNumbered(number);
    }

    /** How many functions have code. */
    public int functionCount() {
        return index.functions.count();
    }

    /**
     * A function by its place in the order of addresses.
     *
     * @param number from 0
     */
    public DwarfFunction functionNumbered(int number) {
        long low = index.functions.low(number);
        int slot = number % FUNCTIONS_KEPT;
        DwarfFunction known = functions.get(slot);
        if (known != null && known.low() == low) {
            return known;
        }
        long high = index.functions.high(number);
        long offset = index.functions.offset(number);
        DwarfFunction function = new DwarfFunction("", low, high, List.of());
        if (costly.get() > MOST_COSTLY) {
            return function;
        }
        try {
            FunctionReader reader = new FunctionReader(index.units);
            function = reader.read(offset, low, high);
            DamagedDwarfException damage = reader.damage();
            if (damage != null) {
                damaged(offset, damage);
            }
        } catch (DamagedDwarfException e) {
            damaged(offset, e);
        }
        functions.set(slot, function);
        return function;
    }

    private @Nullable DwarfVariable variable(long offset) {
        try {
            Entry entry = new Entry();
            index.units.read(entry, offset);
            Block block = entry.expression(Attribute.LOCATION);
            if (block == null) {
                return null;
            }
            List<DwarfFunction.Piece> pieces = Expression.pieces(entry.unit(), block, false);
            DwarfFunction.Piece place = pieces.get(0);
            if (pieces.size() != 1 || place.kind() != DwarfFunction.Piece.Kind.ADDRESS) {
                return null;
            }
            return new DwarfVariable(entry.string(Attribute.NAME), place.value(), entry.reference(Attribute.TYPE));
        } catch (DamagedDwarfException e) {
            damaged(offset, e);
            return null;
        }
    }

    private long find(NameIndex names, String name) {
        try {
            return names.find(name);
        } catch (DamagedDwarfException e) {
            damaged(0, e);
            return -1;
        }
    }

    private void damaged(long offset, DamagedDwarfException e) {
        if (e.costly()) {
            costly.incrementAndGet();
        }
        warnings.loss(DAMAGED, offset, String.valueOf(e.getMessage()), 1);
    }
}

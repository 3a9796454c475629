package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The facts of each type, made when first asked for; thread-safe, reading costs one volatile read. */
final class FactTable {
    /** Units larger than this are not compared with the heap's bits: 8 KiB of mask. */
    private static final long MAX_MASKED = 1 << 19;

    /** Parts of a type that are looked at; only a forged one has more, nested in itself. */
    private static final int MAX_PARTS = 1 << 18;

    private static final long[] NO_MASK = {};

    private final GoTypes types;
    private final PlanCompiler compiler;
    private final MemoryReader memory;
    private int parts;
    private volatile AtomicReferenceArray<@Nullable TypeFacts> table = new AtomicReferenceArray<>(1024);

    FactTable(GoTypes types, ObjectShapes shapes) {
        this.types = types;
        this.compiler = new PlanCompiler(types, shapes);
        this.memory = types.newReader();
    }

    TypeFacts of(int type) {
        AtomicReferenceArray<@Nullable TypeFacts> now = table;
        if (type < now.length()) {
            TypeFacts facts = now.get(type);
            if (facts != null) {
                return facts;
            }
        }
        return make(type);
    }

    private synchronized TypeFacts make(int type) {
        AtomicReferenceArray<@Nullable TypeFacts> now = table;
        if (type >= now.length()) {
            AtomicReferenceArray<@Nullable TypeFacts> larger =
                    new AtomicReferenceArray<>(Math.max(type + 1, now.length() * 2));
            for (int i = 0; i < now.length(); i++) {
                larger.set(i, now.get(i));
            }
            table = larger;
            now = larger;
        }
        TypeFacts facts = now.get(type);
        if (facts == null) {
            facts = facts(types.get(type));
            now.set(type, facts);
        }
        return facts;
    }

    PlanCompiler compiler() {
        return compiler;
    }

    private TypeFacts facts(GoType type) {
        GoType unit = type;
        for (int i = 0; i < 64 && unit.kind() == GoKind.ARRAY; i++) {
            GoType element = types.resolve(unit.element());
            if (element.size() == 0) {
                break;
            }
            unit = element;
        }
        Plan plan = compiler.plan(type);
        if (unit.size() > MAX_MASKED || unit.size() <= 0) {
            return new TypeFacts(type, plan, Math.max(1, unit.size()), NO_MASK, false, false);
        }
        long[] mask = new long[(int) (unit.size() + 511 >>> 9)];
        parts = 0;
        boolean exact = fill(mask, unit, 0, 0);
        int used = mask.length;
        while (used > 0 && mask[used - 1] == 0) {
            used--;
        }
        boolean known = unit.kind() != GoKind.UNKNOWN && unit.kind() != GoKind.CLOSURE;
        return new TypeFacts(type, plan, unit.size(), Arrays.copyOf(mask, used), known, exact);
    }

    /** Sets the bits of a value at an offset; false if the collector may see fewer pointers. */
    private boolean fill(long[] mask, GoType type, long offset, int depth) {
        if (depth > 32 || type.size() <= 0 || offset + type.size() > 512L * mask.length || ++parts > MAX_PARTS) {
            return false;
        }
        if (type.descriptor() != 0) {
            try {
                long bits = types.plainMask(type);
                if (bits != 0 || types.pointerBytes(type) == 0) {
                    return copy(mask, bits, types.pointerBytes(type) >>> 3, offset >>> 3);
                }
            } catch (MissingMemoryException e) {
                // Then by what it is made of.
            }
        }
        switch (type.kind()) {
            case CHAN, FUNC, MAP, POINTER, STRING, SLICE, UNSAFE_POINTER:
                set(mask, offset >>> 3);
                return type.kind() != GoKind.POINTER || type.descriptor() != 0;
            case INTERFACE:
                set(mask, offset >>> 3);
                set(mask, (offset >>> 3) + 1);
                return true;
            case ARRAY:
                GoType element = types.resolve(type.element());
                boolean exact = true;
                for (long i = 0; i < type.length() && element.size() > 0; i++) {
                    exact &= fill(mask, element, offset + i * element.size(), depth + 1);
                }
                return exact;
            case STRUCT, CHANNEL_OBJECT, MAP_OBJECT, MAP_TABLE:
                boolean all = true;
                for (GoField field : type.fields()) {
                    GoType part = types.resolve(field.reference());
                    all &= part.size() == 0 || fill(mask, part, offset + field.offset(), depth + 1);
                }
                return all;
            default:
                return true;
        }
    }

    private boolean copy(long[] mask, long address, long words, long at) {
        for (long i = 0; i < words; i++) {
            if ((memory.u8(address + (i >>> 3)) & 1 << (i & 7)) != 0) {
                set(mask, at + i);
            }
        }
        return true;
    }

    private static void set(long[] mask, long word) {
        int at = (int) (word >>> 6);
        if (at < mask.length) {
            mask[at] |= 1L << word;
        }
    }
}

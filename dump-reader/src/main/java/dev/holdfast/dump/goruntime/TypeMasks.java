package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Reads pointer masks from type descriptors; each once. Thread-safe. */
public final class TypeMasks {
    private static final int KIND = 31;
    private static final int ARRAY = 17;
    private static final int CHAN = 18;
    private static final int FUNC = 19;
    private static final int INTERFACE = 20;
    private static final int MAP = 21;
    private static final int POINTER = 22;
    private static final int SLICE = 23;
    private static final int STRING = 24;
    private static final int STRUCT = 25;
    private static final int UNSAFE_POINTER = 26;

    /** Set in the flags of a type whose mask is made when first needed (Go 1.24). Before, of one that is only a mask. */
    private static final int MASK_ON_DEMAND = 1 << 4;

    /** Set in the kind of a type with a program instead of a mask (up to Go 1.23). */
    private static final int PROGRAM = 1 << 6;

    /** Types nest no deeper; a forged one may contain itself. */
    private static final int DEPTH = 64;

    /** No struct has more words. */
    private static final long MOST_WORDS = 1L << 27;

    private final MemoryReader memory;
    private final boolean onDemand;
    private final int size;
    private final int pointerBytes;
    private final int flags;
    private final int kind;
    private final int mask;
    private final int arrayElement;
    private final int arrayLength;
    private final int structFields;
    private final StructLayout field;
    private final ConcurrentHashMap<Long, TypeMask> known = new ConcurrentHashMap<>();
    private final AtomicLong unreadable = new AtomicLong();

    /** Reads descriptors of a program. */
    public TypeMasks(GoProgram program) {
        memory = program.reader();
        RuntimeLayout layout = program.layout();
        boolean named = layout.hasStruct("internal/abi.Type");
        StructLayout type = layout.struct(named ? "internal/abi.Type" : "runtime._type");
        size = type.offset(named ? "Size_" : "size");
        pointerBytes = type.offset(named ? "PtrBytes" : "ptrdata");
        flags = type.offset(named ? "TFlag" : "tflag");
        kind = type.offset(named ? "Kind_" : "kind");
        mask = type.offset(named ? "GCData" : "gcdata");
        StructLayout array = layout.struct(named ? "internal/abi.ArrayType" : "runtime.arraytype");
        arrayElement = array.offset(named ? "Elem" : "elem");
        arrayLength = array.offset(named ? "Len" : "len");
        StructLayout struct = layout.struct(named ? "internal/abi.StructType" : "runtime.structtype");
        structFields = struct.offset(named ? "Fields" : "fields");
        field = layout.struct(named ? "internal/abi.StructField" : "runtime.structfield");
        onDemand = program.version().atLeast(24);
    }

    /** How many descriptors could not be read; objects of these types count as without pointers. */
    public long unreadable() {
        return unreadable.get();
    }

    /**
     * The mask of the type with that descriptor.
     *
     * @param slotWords words of the slot that it is for; a larger type is cut
     */
    TypeMask of(long descriptor, long slotWords) {
        TypeMask made = known.get(descriptor);
        if (made == null) {
            try {
                made = read(memory.copy(), descriptor, slotWords);
            } catch (MissingMemoryException e) {
                unreadable.incrementAndGet();
                made = TypeMask.NONE;
            }
            known.put(descriptor, made);
        }
        return made;
    }

    private TypeMask read(MemoryReader reader, long descriptor, long slotWords) {
        long type = descriptor;
        for (int depth = 0; depth < DEPTH && (reader.u8(type + kind) & KIND) == ARRAY; depth++) {
            if (reader.word(type + pointerBytes) == 0 || reader.word(type + arrayLength) == 0) {
                return TypeMask.NONE;
            }
            type = reader.word(type + arrayElement);
        }
        long words = (reader.word(type + size) + 7) >>> 3;
        long pointerWords = reader.word(type + pointerBytes) >>> 3;
        if (pointerWords == 0 || words <= 0) {
            return TypeMask.NONE;
        }
        words = Math.min(words, Math.min(Math.max(slotWords, 1), MOST_WORDS));
        pointerWords = Math.min(pointerWords, words);
        long[] bits = new long[(int) (words + 63 >>> 6)];
        int rawKind = reader.u8(type + kind);
        boolean later = onDemand ? (reader.u8(type + flags) & MASK_ON_DEMAND) != 0 : (rawKind & PROGRAM) != 0;
        if (later && (rawKind & KIND) != 0) {
            add(reader, type, 0, words, bits, 0);
        } else {
            long at = reader.word(type + mask);
            for (long word = 0; word < pointerWords; word += 8) {
                long eight = reader.u8(at + (word >>> 3));
                if (pointerWords - word < 8) {
                    eight &= (1L << pointerWords - word) - 1;
                }
                bits[(int) (word >>> 6)] |= eight << word;
            }
        }
        return new TypeMask((int) words, bits);
    }

    /** Adds the pointers of a type that begins at a word; as deep as the type nests. */
    private void add(MemoryReader reader, long type, long at, long words, long[] bits, int depth) {
        if (at >= words || depth > DEPTH || reader.word(type + pointerBytes) == 0) {
            return;
        }
        switch (reader.u8(type + kind) & KIND) {
            case CHAN, FUNC, MAP, POINTER, SLICE, STRING, UNSAFE_POINTER -> set(bits, at);
            case INTERFACE -> {
                set(bits, at);
                if (at + 1 < words) {
                    set(bits, at + 1);
                }
            }
            case ARRAY -> {
                long element = reader.word(type + arrayElement);
                long each = reader.word(element + size) >>> 3;
                long length = reader.word(type + arrayLength);
                for (long i = 0; i < length && each > 0 && at + i * each < words; i++) {
                    add(reader, element, at + i * each, words, bits, depth + 1);
                }
            }
            case STRUCT -> {
                long fields = reader.word(type + structFields);
                long count = reader.word(type + structFields + 8);
                boolean named = field.has("Typ");
                for (long i = 0; i < count && i < words * 64; i++) {
                    long one = fields + i * field.size();
                    long inner = reader.word(one + field.offset(named ? "Typ" : "typ"));
                    long offset = named
                            ? reader.word(one + field.offset("Offset"))
                            : reader.word(one + field.offset("offsetAnon")) >>> 1;
                    add(reader, inner, at + (offset >>> 3), words, bits, depth + 1);
                }
            }
            default -> {}
        }
    }

    private static void set(long[] bits, long word) {
        bits[(int) (word >>> 6)] |= 1L << word;
    }
}

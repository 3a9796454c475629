package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;

/** The types that type words and method tables of interfaces stand for, each read once; belongs to one thread. */
final class TypeWords {
    private final GoTypes types;
    private final RuntimeOffsets at;
    private final MemoryReader memory;
    private final WordCache words = new WordCache();
    private final WordCache tables = new WordCache();

    TypeWords(GoTypes types, RuntimeOffsets at, MemoryReader memory) {
        this.types = types;
        this.at = at;
        this.memory = memory;
    }

    /** The type of a type word, 0 if it is none. */
    int type(long word) {
        int type = words.get(word);
        if (type < 0) {
            type = types.ofDescriptor(word).id();
            words.put(word, type);
        }
        return type;
    }

    /** The dynamic type of a method table, 0 if it is none. */
    int tableType(long word) {
        int type = tables.get(word);
        if (type < 0) {
            try {
                type = at.isMethodTable(types, memory, word) ? type(memory.word(word + at.tableType)) : 0;
            } catch (MissingMemoryException e) {
                type = 0;
            }
            tables.put(word, type);
        }
        return type;
    }
}

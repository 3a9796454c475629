package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.SpanTable;

/** Walks over values by the plan of their type and makes claims of what they point to; belongs to one thread. */
final class Walker {
    /** {@code reflect.flagIndir}: the pointer of a {@code reflect.Value} leads to the value, and is not the value itself. */
    private static final int REFLECT_INDIRECT = 1 << 7;

    private static final int MAX_DEPTH = 40;

    private final SpanTable spans;
    private final FactTable facts;
    private final GoTypes types;
    private final Closures closures;
    private final ObjectShapes shapes;
    private final RuntimeOffsets at;
    private final MemoryReader memory;
    private final Follower follower;
    private final TypeWords typeWords;
    private final WordCache code = new WordCache();
    private long lost;
    private int depth;

    Walker(
            SpanTable spans,
            FactTable facts,
            GoTypes types,
            Closures closures,
            ObjectShapes shapes,
            RuntimeOffsets at,
            MemoryReader memory,
            Follower follower) {
        this.spans = spans;
        this.facts = facts;
        this.types = types;
        this.closures = closures;
        this.shapes = shapes;
        this.at = at;
        this.memory = memory;
        this.typeWords = new TypeWords(types, at, memory);
        this.follower = follower;
    }

    /** How many objects had words that the dump does not have. */
    long lost() {
        return lost;
    }

    /** Follows the object of a slot by what is claimed of it. */
    void object(int slot, int claim) {
        int span = spans.spanOfSlot(slot);
        long address = spans.objectAddress(span, slot - spans.firstSlot(span));
        TypeFacts type = facts.of(Claims.type(claim));
        int rank = Claims.rank(claim);
        boolean one = rank <= Claims.PARTIAL
                || !Claims.slice(claim) && (rank == Claims.FIT || rank == Claims.FIT_LATE || rank == Claims.EXACT);
        values(type, address, one ? 1 : (spans.elementSize(span) - spans.header(span)) / type.size);
    }

    /** Follows values that lie one behind the other. */
    void values(TypeFacts type, long address, long count) {
        Plan plan = type.plan;
        try {
            for (long i = 0; i < count; i++) {
                walk(plan, address + i * type.size);
            }
        } catch (MissingMemoryException e) {
            lost++;
        }
    }

    private void walk(Plan plan, long address) {
        byte[] operations = plan.operations;
        for (int i = 0; i < operations.length; i++) {
            long place = address + plan.offsets[i];
            if (operations[i] == Plan.REPEATED) {
                int which = plan.operands[i];
                Plan inner = plan.repeated[which];
                long stride = plan.strides[which];
                long count = plan.counts[which];
                for (long k = 0; k < count; k++) {
                    walk(inner, place + k * stride);
                }
            } else {
                long word = memory.word(place);
                if (word != 0) {
                    step(operations[i], plan.operands[i], plan.seconds[i], place, word);
                }
            }
        }
    }

    private void step(byte operation, int operand, int second, long place, long word) {
        switch (operation) {
            case Plan.POINTER:
                follower.claim(word, operand, false, 1, false);
                break;
            case Plan.SLICE:
                slice(word, operand, memory.word(place + 8), memory.word(place + 16));
                break;
            case Plan.STRING:
                long length = memory.word(place + 8);
                if (length > 0) {
                    follower.claim(word, operand, false, length, false);
                }
                break;
            case Plan.EMPTY_INTERFACE:
                dynamic(word, memory.word(place + 8), false);
                break;
            case Plan.INTERFACE:
                dynamic(word, memory.word(place + 8), true);
                break;
            case Plan.FUNCTION:
                function(word);
                break;
            case Plan.CHANNEL:
                channel(word);
                break;
            case Plan.DIRECTORY:
                directory(word, memory.word(place + at.directoryLength), operand, second);
                break;
            case Plan.GROUPS:
                follower.claim(word, operand, true, memory.word(place + 8) + 1, false);
                break;
            case Plan.BUFFER:
                follower.claim(word, operand, true, memory.word(place + at.bufferCount), false);
                break;
            case Plan.COUNTED:
                follower.claim(word, operand, true, memory.word(place + 8), false);
                break;
            case Plan.REFLECTED:
                reflected(word, memory.word(place + 8), memory.word(place + 16));
                break;
            case Plan.TRIE_NODE:
                follower.claim(word, memory.u8(word) != 0 ? operand : second, false, 1, false);
                break;
            case Plan.WAITING:
                long channel = memory.word(place + operand);
                int element = spans.spanAt(channel) < 0 ? 0 : typeWords.type(memory.word(channel + at.elementType));
                if (element != 0) {
                    follower.claim(word, element, false, 1, false);
                }
                break;
            case Plan.PART:
                follower.claim(word - second, operand, false, 1, false);
                break;
            default:
                throw new IllegalStateException("operation " + operation);
        }
    }

    private void slice(long word, int operand, long length, long capacity) {
        if (capacity > 0 && length >= 0 && length <= capacity) {
            follower.claim(word, operand, true, capacity, false);
        }
    }

    /** An interface: on a dead part of a stack either word may be anything. */
    private void dynamic(long typeWord, long data, boolean methods) {
        if (data == 0) {
            return;
        }
        int type = methods ? typeWords.tableType(typeWord) : typeWords.type(typeWord);
        if (type != 0) {
            value(type, data);
        }
    }

    private void value(int type, long data) {
        TypeFacts of = facts.of(type);
        if (!of.type.direct()) {
            follower.claim(data, type, false, 1, true);
        } else if (depth < MAX_DEPTH) {
            direct(of.plan, data);
        }
    }

    /** A value that the data word itself is. */
    private void direct(Plan plan, long data) {
        Plan inner = plan;
        for (int i = 0; i < MAX_DEPTH && inner.operations.length == 1 && inner.operations[0] == Plan.REPEATED; i++) {
            inner = inner.repeated[inner.operands[0]];
        }
        if (inner.operations.length != 1 || inner.offsets[0] != 0) {
            return;
        }
        switch (inner.operations[0]) {
            case Plan.POINTER:
                follower.claim(data, inner.operands[0], false, 1, true);
                break;
            case Plan.FUNCTION, Plan.CHANNEL, Plan.TRIE_NODE:
                depth++;
                step(inner.operations[0], inner.operands[0], inner.seconds[0], 0, data);
                depth--;
                break;
            default:
                break;
        }
    }

    private void reflected(long typeWord, long pointer, long flags) {
        int type = pointer == 0 ? 0 : typeWords.type(typeWord);
        if (type == 0) {
            return;
        }
        if ((flags & REFLECT_INDIRECT) != 0) {
            follower.claim(pointer, type, false, 1, true);
        } else if (facts.of(type).type.direct()) {
            direct(facts.of(type).plan, pointer);
        }
    }

    /** Follows a function value. */
    void function(long closure) {
        if (!follower.follows(closure)) {
            // A function that captures nothing is a constant.
            return;
        }
        try {
            long entry = memory.word(closure);
            int type = code.get(entry);
            if (type < 0) {
                type = closures.type(entry).id();
                code.put(entry, type);
            }
            if (type != 0) {
                follower.claim(closure, type, false, 1, true);
            }
        } catch (MissingMemoryException e) {
            lost++;
        }
    }

    /** The type of the first parameter of a function, 0 if it is not known. */
    int parameter(long closure) {
        try {
            return closures.parameter(memory.word(closure)).id();
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    /** Follows a word of a value that is not in memory, where the word alone tells where it leads. */
    void word(TypeFacts type, long offset, long word) {
        Plan plan = type.plan;
        for (int i = 0; i < plan.operations.length; i++) {
            if (plan.offsets[i] == offset) {
                switch (plan.operations[i]) {
                    case Plan.POINTER, Plan.FUNCTION, Plan.CHANNEL, Plan.TRIE_NODE:
                        single(plan, i, word);
                        break;
                    case Plan.SLICE, Plan.STRING:
                        follower.claim(word, plan.operands[i], plan.operations[i] == Plan.SLICE, 1, false);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private void single(Plan plan, int step, long word) {
        try {
            step(plan.operations[step], plan.operands[step], plan.seconds[step], 0, word);
        } catch (MissingMemoryException e) {
            lost++;
        }
    }

    /** A channel says itself what it holds. */
    private void channel(long channel) {
        if (spans.spanAt(channel) >= 0) {
            int element = typeWords.type(memory.word(channel + at.elementType));
            if (element != 0) {
                follower.claim(channel, shapes.channel(types.get(element)).id(), false, 1, true);
            }
        }
    }

    private void directory(long word, long length, int map, int table) {
        if (length == 0) {
            int group = types.resolve(types.get(map).storage()).id();
            if (group != 0) {
                follower.claim(word, group, false, 1, false);
            }
        } else if (length > 0) {
            follower.claim(word, shapes.pointerTo(types.get(table)).id(), true, length, false);
        }
    }
}

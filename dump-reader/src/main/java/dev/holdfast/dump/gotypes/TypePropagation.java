package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.ModuleData;
import dev.holdfast.dump.goruntime.PointerKind;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the type of each object by following typed variables through the heap.
 *
 * <p>Level by level: all objects whose type became better known in one level are followed in the next, with what was known
 * when the level began. Claims are in a total order, so the outcome is the same whatever the number of threads. First what
 * the program's own roots lead to; then imprecise roots, and objects whose header says what they are though nothing typed
 * leads there, which never overrule the former. Used once, by one thread. 4 bytes a slot and 8 an object of the level.
 */
public final class TypePropagation {
    private final GoProgram program;
    private final SpanTable spans;
    private final GoTypes types;
    private final FactTable facts;
    private final Claims claims;
    private final ObjectShapes shapes;
    private final Closures closures;
    private final RuntimeOffsets offsets;
    private final int threads;
    private final Places precise = new Places();
    private final Places imprecise = new Places();
    private final Places known = new Places();
    private final Places slices = new Places();
    private final Places words = new Places();
    private final Places functions = new Places();
    private final Places arguments = new Places();
    private long[] memory = new long[16];
    private int memoryEnd;
    private long lost;

    /** Prepares to find the types of the objects in the spans of a program. */
    public TypePropagation(GoProgram program, SpanTable spans, GoTypes types, FunctionTable code, int threads) {
        this.program = program;
        this.spans = spans;
        this.types = types;
        this.threads = Math.max(1, threads);
        this.shapes =
                new ObjectShapes(types, program.layout(), DescriptorLayout.swiss(program.layout(), program.version()));
        this.facts = new FactTable(types, shapes);
        this.claims = new Claims(spans.slotCount(), facts);
        this.closures = new Closures(types, shapes, code, program.dwarf(), program.bias());
        this.offsets = new RuntimeOffsets(program.layout());
        for (ModuleData module : program.modules()) {
            memory(module.data(), module.endData());
            memory(module.bss(), module.endBss());
        }
    }

    /** Memory outside the heap, such as a goroutine's stack, whose variables pointers may lead to. */
    public void memory(long start, long end) {
        if (memoryEnd == memory.length) {
            memory = Arrays.copyOf(memory, memoryEnd * 2);
        }
        memory[memoryEnd++] = start;
        memory[memoryEnd++] = end;
    }

    /**
     * A variable.
     *
     * @param address where it lies
     * @param type its type
     * @param sure whether it surely holds a value of its type now; a variable on a stack may be dead
     */
    public void variable(long address, GoType type, boolean sure) {
        if (type.id() != 0) {
            (sure ? precise : imprecise).add(address, type.id(), 1, -1);
        }
    }

    /** An object whose type something outside the heap knows exactly, as a finalizer does. */
    public void object(long address, GoType type) {
        if (type.id() != 0 && type.size() > 0) {
            known.add(address, type.id(), 1, -1);
        }
    }

    /** An object of values of a type, as many as it has room for, that something outside the heap knows exactly. */
    public void elements(long address, GoType type, long count) {
        if (type.id() != 0 && type.size() > 0 && count > 0) {
            slices.add(address, type.id(), count, -1);
        }
    }

    /**
     * A word that is not in memory, such as a register's.
     *
     * @param value of the word
     * @param type of the variable that it is part of
     * @param offset of the word in the variable
     */
    public void word(long value, GoType type, long offset) {
        if (type.id() != 0 && value != 0) {
            words.add(value, type.id(), offset, -1);
        }
    }

    /** A function value: what it points to tells its own type. */
    public void function(long closure) {
        if (closure != 0) {
            functions.add(closure, 0, 1, -1);
        }
    }

    /** What a function will be called with: a value of the type of its first parameter lies there. */
    public void argument(long closure, long address) {
        if (closure != 0 && address != 0) {
            functions.add(closure, 0, 1, -1);
            arguments.add(address, 0, closure, -1);
        }
    }

    /** How many objects could not be read whole. */
    public long lost() {
        return lost;
    }

    /** Follows everything. */
    public HeapTypes run(Progress progress) throws IOException {
        TypeMasks masks = new TypeMasks(program);
        Ranges ranges = new Ranges(Arrays.copyOf(memory, memoryEnd));
        List<Team> team = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            team.add(new Team(ranges, masks));
        }
        Levels levels = new Levels(team, claims, facts, ranges);
        Team first = team.get(0);
        seed(first);
        levels.run(precise, progress);
        for (Team member : team) {
            member.fitness.late(true);
        }
        headers(first.follower);
        for (int i = 0; i < words.size; i++) {
            first.walker.word(facts.of(words.types[i]), words.counts[i], words.addresses[i]);
        }
        levels.run(imprecise, progress);
        for (Team member : team) {
            lost += member.walker.lost();
        }
        return new HeapTypeNumbers(types, spans, claims, facts, threads).number();
    }

    /** What looks into values of the types that were found; for one thread. */
    public HeaderWalker headers(HeapTypes found, HeaderSink sink) {
        MapStorage maps = new MapStorage(program.layout(), shapes.swiss());
        return new HeaderWalker(spans, facts, types, found, offsets, maps, program.reader(), sink);
    }

    /** Looks into variables, those too that may be dead. */
    public void variables(HeaderWalker walker) {
        for (Places variables : List.of(precise, imprecise)) {
            for (int i = 0; i < variables.size; i++) {
                walker.variable(variables.addresses[i], variables.types[i]);
            }
        }
    }

    private void seed(Team member) {
        for (int i = 0; i < known.size; i++) {
            member.follower.claim(known.addresses[i], known.types[i], false, 1, true);
        }
        for (int i = 0; i < slices.size; i++) {
            member.follower.claim(slices.addresses[i], slices.types[i], true, slices.counts[i], true);
        }
        for (int i = 0; i < functions.size; i++) {
            member.walker.function(functions.addresses[i]);
        }
        for (int i = 0; i < arguments.size; i++) {
            int type = member.walker.parameter(arguments.counts[i]);
            if (type != 0) {
                member.follower.claim(arguments.addresses[i], type, false, 1, false);
            }
        }
    }

    /** Objects that say what they are but that nothing typed leads to. */
    private void headers(Follower follower) {
        for (int span = 0; span < spans.count(); span++) {
            PointerKind kind = spans.pointerKind(span);
            if (kind != PointerKind.HEADER && kind != PointerKind.LARGE_TYPE) {
                continue;
            }
            for (int element = 0; element < spans.elements(span); element++) {
                int slot = spans.firstSlot(span) + element;
                if (spans.allocated(slot) && claims.get(slot) == 0) {
                    follower.header(span, element, slot);
                }
            }
        }
    }

    /** What one thread needs. */
    final class Team {
        final Fitness fitness;
        final Follower follower;
        final Walker walker;

        Team(Ranges ranges, TypeMasks masks) {
            MemoryReader reader = program.reader();
            fitness = new Fitness(spans, new HeapPointers(program, spans, masks));
            follower = new Follower(spans, facts, types, claims, ranges, reader, fitness);
            walker = new Walker(spans, facts, types, closures, shapes, offsets, reader, follower);
        }
    }
}

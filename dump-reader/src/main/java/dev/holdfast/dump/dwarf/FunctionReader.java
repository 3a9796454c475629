package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.dwarf.DwarfFunction.Local;
import dev.holdfast.dump.dwarf.DwarfFunction.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one function's entry with everything inside of it. */
final class FunctionReader {
    /**
     * Variables, ranges and bytes of expressions and names of one function. The largest function of cmd/go has 9 000 of
     * them.
     */
    private static final long MOST = 1 << 20;

    /** An inlined function refers to one abstract entry, and that to a declaration at most. */
    private static final int LONGEST_CHAIN = 4;

    private static final long[] NOWHERE = new long[0];

    /** Where the entries being read are: in which function and where its code lies. */
    private static final class Scope {
        final String function;
        final long[] ranges;
        final boolean ignored;

        Scope(String function, long[] ranges, boolean ignored) {
            this.function = function;
            this.ranges = ranges;
            this.ignored = ignored;
        }
    }

    private final Units units;
    private final Entry entry = new Entry();
    private final Entry origin = new Entry();
    private final Budget budget = new Budget(MOST);
    private final List<Local> locals = new ArrayList<>();
    private boolean frame;
    private @Nullable DamagedDwarfException damage;

    FunctionReader(Units units) {
        this.units = units;
    }

    /** Address behind the code of an entry that has one: an address or a length (DWARF 4, 2.17.2). */
    static long high(Entry entry, long low) {
        switch (entry.form(Attribute.HIGH_PC)) {
            case Form.ADDR:
            case Form.ADDRX:
            case Form.ADDRX1:
            case Form.ADDRX2:
            case Form.ADDRX3:
            case Form.ADDRX4:
            case Form.GNU_ADDR_INDEX:
                return entry.address(Attribute.HIGH_PC);
            default:
                return low + entry.number(Attribute.HIGH_PC, 0);
        }
    }

    DwarfFunction read(long offset, long low, long high) {
        Cursor cursor = units.open(entry, offset);
        Unit unit = entry.unit();
        String name = originName();
        Block base = entry.expression(Attribute.FRAME_BASE);
        frame = base != null && Expression.isFrameAddress(base);
        if (entry.children()) {
            try {
                children(unit, cursor, new Scope(name, new long[] {low, high}, false));
            } catch (DamagedDwarfException e) {
                damage = e;
            }
        }
        return new DwarfFunction(name, low, high, List.copyOf(locals));
    }

    /** What ended the reading of its variables early, or null. */
    @Nullable
    DamagedDwarfException damage() {
        return damage;
    }

    private void children(Unit unit, Cursor cursor, Scope function) {
        Deque<Scope> scopes = new ArrayDeque<>();
        scopes.push(function);
        while (!scopes.isEmpty() && cursor.position < unit.end) {
            entry.read(unit, cursor);
            if (entry.isNull()) {
                scopes.pop();
                continue;
            }
            budget.take(1);
            Scope scope = scopes.element();
            int tag = entry.tag();
            if (!scope.ignored && (tag == Tag.VARIABLE || tag == Tag.FORMAL_PARAMETER)) {
                local(scope, tag == Tag.FORMAL_PARAMETER);
            }
            if (entry.children()) {
                scopes.push(inside(scope, tag));
            }
        }
    }

    private Scope inside(Scope scope, int tag) {
        if (scope.ignored) {
            return scope;
        }
        if (tag == Tag.LEXICAL_BLOCK) {
            return new Scope(scope.function, RangeLists.of(entry, budget), false);
        }
        if (tag == Tag.INLINED_SUBROUTINE) {
            return new Scope(originName(), RangeLists.of(entry, budget), false);
        }
        return new Scope("", NOWHERE, true);
    }

    private void local(Scope scope, boolean parameter) {
        String name = entry.string(Attribute.NAME);
        long type = entry.reference(Attribute.TYPE);
        long closure = entry.number(Attribute.GO_CLOSURE_OFFSET, -1);
        long line = entry.number(Attribute.DECL_LINE, 0);
        long from = entry.reference(Attribute.ABSTRACT_ORIGIN);
        for (int link = 0; from >= 0 && link < LONGEST_CHAIN; link++) {
            units.read(origin, from);
            if (origin.isNull()) {
                break;
            }
            name = name.isEmpty() ? origin.string(Attribute.NAME) : name;
            type = type < 0 ? origin.reference(Attribute.TYPE) : type;
            closure = closure < 0 ? origin.number(Attribute.GO_CLOSURE_OFFSET, -1) : closure;
            line = line == 0 ? origin.number(Attribute.DECL_LINE, 0) : line;
            from = origin.reference(Attribute.ABSTRACT_ORIGIN);
        }
        budget.take(1 + name.length() / 16);
        int declared = (int) Math.max(0, Math.min(line, Integer.MAX_VALUE));
        locals.add(new Local(name, scope.function, type, parameter, closure, ranges(scope), declared));
    }

    private List<Range> ranges(Scope scope) {
        if (!entry.has(Attribute.LOCATION)) {
            return List.of();
        }
        Block block = entry.expression(Attribute.LOCATION);
        if (block == null) {
            return LocationLists.of(entry, scope.ranges, frame, budget);
        }
        budget.take(block.bytes().limit() + scope.ranges.length / 2);
        List<Range> ranges = new ArrayList<>(scope.ranges.length / 2);
        LocationLists.everywhere(scope.ranges, Expression.pieces(entry.unit(), block, frame), ranges);
        return List.copyOf(ranges);
    }

    /** Name of the entry's function, which an inlined or second copy of one has from its abstract entry. */
    private String originName() {
        String name = entry.string(Attribute.NAME);
        long from = reference(entry);
        for (int link = 0; name.isEmpty() && from >= 0 && link < LONGEST_CHAIN; link++) {
            units.read(origin, from);
            if (origin.isNull()) {
                break;
            }
            name = origin.string(Attribute.NAME);
            from = reference(origin);
        }
        return name;
    }

    private static long reference(Entry of) {
        long origin = of.reference(Attribute.ABSTRACT_ORIGIN);
        return origin >= 0 ? origin : of.reference(Attribute.SPECIFICATION);
    }
}

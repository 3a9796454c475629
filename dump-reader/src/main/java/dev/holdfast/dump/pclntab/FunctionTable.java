package dev.holdfast.dump.pclntab;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All functions of a Go program, of Go 1.18 and later.
 *
 * <p>Thread-safe: one lock, under which answers are remembered (functions that were asked for, and the last 65536 program
 * counters, some 100 bytes each). Never throws for what is damaged or missing: it says that it knows nothing.
 */
public final class FunctionTable {
    /** PCDATA: index of the stack map. */
    public static final int STACK_MAP_INDEX = 1;

    /** PCDATA: index in the tree of inlined calls. */
    public static final int INLINE_INDEX = 2;

    /** FUNCDATA: pointer maps of the arguments. */
    public static final int ARGUMENT_MAPS = 0;

    /** FUNCDATA: pointer maps of the local variables. */
    public static final int LOCAL_MAPS = 1;

    /** FUNCDATA: variables on the stack whose address is taken. */
    public static final int STACK_OBJECTS = 2;

    /** FUNCDATA: tree of inlined calls. */
    public static final int INLINE_TREE = 3;

    private static final int MAGIC_118 = 0xfffffff0;
    private static final int MAGIC_120 = 0xfffffff1;
    private static final int REMEMBERED = 1 << 16;
    private static final int LONGEST_NAME = 1 << 14;

    /** The runtime inlines at most some dozens of calls into each other; more is damage. */
    private static final int DEEPEST_INLINING = 1000;

    private final MemoryReader reader;
    private final List<FunctionFormat> tables = new ArrayList<>();
    private final Map<Long, GoFunction> functions = new HashMap<>();
    private final Map<Long, List<CodePlace>> places = new HashMap<>();
    private final Map<Long, String> strings = new HashMap<>();
    private int wrapper = -1;
    private boolean wrapperKnown;

    /** The functions of these modules, those of an unknown format left out; takes a reader of its own. */
    public FunctionTable(List<CodeModule> modules, MemoryReader memory) {
        reader = memory.copy();
        for (CodeModule module : modules) {
            if (reader.readable(module.pclntab(), 8)) {
                int magic = reader.i32(module.pclntab());
                int quantum = reader.u8(module.pclntab() + 6);
                if ((magic == MAGIC_118 || magic == MAGIC_120) && (quantum == 1 || quantum == 4)) {
                    tables.add(new FunctionFormat(module, magic == MAGIC_120, quantum));
                }
            }
        }
    }

    /** Whether no module's table can be read. */
    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /** The function that contains a program counter, or null. */
    public synchronized @Nullable GoFunction function(long pc) {
        try {
            FunctionFormat table = tableOf(pc);
            return table == null ? null : function(table, pc);
        } catch (MissingMemoryException e) {
            return null;
        }
    }

    /** The first function of that name, or null; looks through all of them. */
    public synchronized @Nullable GoFunction named(String symbol) {
        List<GoFunction> found = named(symbol, 1);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Functions of that name: code that is called in two ways stands there twice. */
    private List<GoFunction> named(String symbol, int limit) {
        byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        List<GoFunction> found = new ArrayList<>();
        for (FunctionFormat table : tables) {
            for (int i = 0; i < table.module().lookupCount() && found.size() < limit; i++) {
                try {
                    long record = recordAt(table.module(), i);
                    long at = table.module().functionNames() + reader.i32(record + 4);
                    int n = 0;
                    while (n < name.length && reader.u8(at + n) == (name[n] & 0xff)) {
                        n++;
                    }
                    if (n == name.length && reader.u8(at + n) == 0) {
                        found.add(read(table, record));
                    }
                } catch (MissingMemoryException e) {
                    break;
                }
            }
        }
        return found;
    }

    /** Bytes pushed on the stack at a program counter since the function was entered, or -1 where unknown. */
    public synchronized int stackDelta(GoFunction function, long pc) {
        return value(function, function.stackDeltas(), pc);
    }

    /** What a pc-value table of a function says at a program counter, -1 where it says nothing. */
    public synchronized int pcData(GoFunction function, int table, long pc) {
        return pcDataAt(function, table, pc);
    }

    /** Address of a table of a function, or 0 if it has none of that number. */
    public synchronized long functionData(GoFunction function, int number) {
        return dataOf(function, number);
    }

    /**
     * Where in the source a program counter is: the innermost inlined call first, the function that contains it last.
     *
     * <p>A return address lies behind the call: pass one less, unless it is the function's entry.
     *
     * @return none if no function contains it
     */
    public synchronized List<CodePlace> places(long pc) {
        List<CodePlace> known = places.get(pc);
        if (known == null) {
            if (places.size() >= REMEMBERED) {
                places.clear();
            }
            known = readPlaces(pc);
            places.put(pc, known);
        }
        return known;
    }

    /** Where the call is that returns to an address. */
    public List<CodePlace> callers(long returnAddress) {
        GoFunction function = function(returnAddress);
        return function == null
                ? List.of()
                : places(returnAddress > function.entry() ? returnAddress - 1 : returnAddress);
    }

    /**
     * Call stacks as the runtime records them: one return address for each function, those of inlined calls included.
     *
     * <p>Where a recorder left inlined calls out they are put in, but not behind the last address: what
     * {@code runtime.CallersFrames} does.
     *
     * @param addresses leaf first
     */
    public List<CodePlace> recorded(long[] addresses) {
        List<CodePlace> frames = new ArrayList<>(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            List<CodePlace> all = callers(addresses[i]);
            if (all.isEmpty()) {
                continue;
            }
            frames.add(all.get(0));
            for (int k = 1; k < all.size() && i + 1 < addresses.length; k++) {
                CodePlace outer = all.get(k);
                if (addresses[i + 1] == outer.pc() + 1) {
                    break;
                }
                if (!outer.wrapper() || showsWrapper(all.get(k - 1).function())) {
                    frames.add(outer);
                }
            }
        }
        return frames;
    }

    /** Whether call stacks show a wrapper that called this function. */
    public static boolean showsWrapper(String callee) {
        return callee.equals("runtime.gopanic")
                || callee.equals("runtime.sigpanic")
                || callee.equals("runtime.panicwrap");
    }

    private @Nullable FunctionFormat tableOf(long pc) {
        for (FunctionFormat table : tables) {
            if (pc - table.module().text() >= 0 && pc - table.module().text() < table.textSize()) {
                return table;
            }
        }
        return null;
    }

    private @Nullable GoFunction function(FunctionFormat table, long pc) {
        CodeModule module = table.module();
        long offset = pc - module.text();
        int low = 0;
        int high = module.lookupCount() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (reader.u32(module.lookup() + 8L * middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (high < 0 || offset < reader.u32(module.lookup() + 8L * low)) {
            return null;
        }
        if (low == module.lookupCount() - 1 && offset >= reader.u32(module.lookup() + 8L * (low + 1))) {
            return null;
        }
        return read(table, recordAt(module, low));
    }

    private long recordAt(CodeModule module, int index) {
        return module.functions() + reader.u32(module.lookup() + 8L * index + 4);
    }

    private GoFunction read(FunctionFormat table, long record) {
        GoFunction known = functions.get(record);
        if (known != null) {
            return known;
        }
        int[] fields = new int[12];
        long at = record + 4;
        for (int i = 0; i < 8; i++) {
            fields[i] = reader.i32(at);
            at += 4;
        }
        if (table.startLines()) {
            fields[8] = reader.i32(at);
            at += 4;
        }
        fields[9] = reader.u8(at);
        fields[10] = reader.u8(at + 1);
        fields[11] = reader.u8(at + 3);
        CodeModule module = table.module();
        GoFunction function = new GoFunction(
                table,
                module.text() + reader.u32(record),
                string(module.functionNames() + fields[0]),
                fields,
                record,
                (int) (at + 4 - record));
        functions.put(record, function);
        return function;
    }

    private String string(long address) {
        String known = strings.get(address);
        if (known != null) {
            return known;
        }
        byte[] bytes = new byte[256];
        int n = 0;
        for (int b = reader.u8(address); b != 0 && n < LONGEST_NAME; b = reader.u8(address + n)) {
            if (n == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * n);
            }
            bytes[n++] = (byte) b;
        }
        String text = new String(bytes, 0, n, StandardCharsets.UTF_8);
        strings.put(address, text);
        return text;
    }

    private int value(GoFunction function, int table, long pc) {
        CodeModule module = function.module();
        if (table == 0) {
            return PcValues.NONE;
        }
        try {
            return PcValues.at(
                    reader,
                    module.pcTables() + (table & 0xffffffffL),
                    function.format().quantum(),
                    pc - function.entry(),
                    module.endText() - function.entry());
        } catch (MissingMemoryException e) {
            return PcValues.NONE;
        }
    }

    private int pcDataAt(GoFunction function, int table, long pc) {
        if (table >= function.pcDataCount()) {
            return PcValues.NONE;
        }
        try {
            return value(function, reader.i32(function.pcDataList() + 4L * table), pc);
        } catch (MissingMemoryException e) {
            return PcValues.NONE;
        }
    }

    private long dataOf(GoFunction function, int number) {
        if (number >= function.functionDataCount()) {
            return 0;
        }
        try {
            int offset = reader.i32(function.pcDataList() + 4 * (function.pcDataCount() + (long) number));
            return offset == -1 ? 0 : function.module().functionData() + (offset & 0xffffffffL);
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    private List<CodePlace> readPlaces(long pc) {
        GoFunction function = function(pc);
        if (function == null) {
            return List.of();
        }
        List<CodePlace> found = new ArrayList<>(2);
        long tree = dataOf(function, INLINE_TREE);
        boolean startLines = function.format().startLines();
        long at = pc;
        while (tree != 0 && found.size() < DEEPEST_INLINING) {
            int index = pcDataAt(function, INLINE_INDEX, at);
            if (index < 0) {
                break;
            }
            try {
                // Up to Go 1.19: parent i16, id u8, pad, file, line, name, pc. Since: id u8, pad 3, name, pc, start
                // line.
                long call = tree + (startLines ? 16L : 20L) * index;
                int name = reader.i32(call + (startLines ? 4 : 12));
                int parent = reader.i32(call + (startLines ? 8 : 16));
                int startLine = startLines ? reader.i32(call + 12) : 0;
                int id = reader.u8(call + (startLines ? 0 : 2));
                String symbol = string(function.module().functionNames() + name);
                found.add(place(function, at, symbol, startLine, true, id));
                at = function.entry() + parent;
            } catch (MissingMemoryException e) {
                break;
            }
        }
        found.add(place(function, at, function.symbol(), function.startLine(), false, function.id()));
        return List.copyOf(found);
    }

    private CodePlace place(GoFunction function, long pc, String symbol, int startLine, boolean inlined, int id) {
        String file = null;
        int number = value(function, function.fileTable(), pc);
        CodeModule module = function.module();
        if (number >= 0) {
            try {
                int offset = reader.i32(module.units() + 4 * (function.unit() + number));
                file = offset == -1 ? null : string(module.files() + (offset & 0xffffffffL));
            } catch (MissingMemoryException e) {
                file = null;
            }
        }
        int line = value(function, function.lineTable(), pc);
        return new CodePlace(
                FunctionNames.printed(symbol),
                symbol,
                file,
                Math.max(line, 0),
                Math.max(startLine, 0),
                inlined,
                id != 0 && id == wrapper(),
                pc);
    }

    /**
     * The number that marks functions made by the compiler.
     *
     * <p>Numbers change with releases, but from Go 1.17 to 1.27 that one is two more than {@code systemstack}'s.
     */
    private int wrapper() {
        if (!wrapperKnown) {
            wrapperKnown = true;
            // The wrapper of that function has its name too, and the higher number.
            for (GoFunction function : named("runtime.systemstack", 4)) {
                int id = function.id();
                if (id != 0 && (wrapper < 0 || id + 2 < wrapper)) {
                    wrapper = id + 2;
                }
            }
        }
        return wrapper;
    }
}

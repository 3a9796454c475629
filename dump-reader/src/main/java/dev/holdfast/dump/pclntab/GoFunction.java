package dev.holdfast.dump.pclntab;

/** A function of a Go program as its table describes it; immutable. About 120 bytes, its name beside. */
public final class GoFunction {
    /** What {@code args} says where the size of the arguments depends on the call. */
    public static final int UNKNOWN_ARGUMENTS = 0x80000000;

    private static final int TOP_FRAME = 1;
    private static final int WRITES_SP = 2;
    private static final int ASSEMBLY = 4;

    private final FunctionFormat format;
    private final long entry;
    private final String symbol;
    private final String name;
    private final int[] fields;
    private final long record;
    private final int fixedSize;

    /**
     * @param fields as they lie in the record: nameOffset, args, deferReturn, pcsp, pcfile, pcln, pcDataCount, unit,
     *     startLine, id, flags, functionDataCount
     */
    GoFunction(FunctionFormat format, long entry, String symbol, int[] fields, long record, int fixedSize) {
        this.format = format;
        this.entry = entry;
        this.symbol = symbol;
        this.name = FunctionNames.printed(symbol);
        this.fields = fields;
        this.record = record;
        this.fixedSize = fixedSize;
    }

    /** The module it belongs to. */
    public CodeModule module() {
        return format.module();
    }

    FunctionFormat format() {
        return format;
    }

    /** Address of its first instruction. */
    public long entry() {
        return entry;
    }

    /** Its name as Go prints it: type arguments are {@code [...]}. */
    public String name() {
        return name;
    }

    /** Its name as the table has it, since Go 1.21 with type arguments. */
    public String symbol() {
        return symbol;
    }

    /** Bytes of its arguments and results on the stack, or {@link #UNKNOWN_ARGUMENTS}. */
    public int args() {
        return fields[1];
    }

    /** Offset of the call of {@code deferreturn} from the entry, or 0 if it defers nothing. */
    public long deferReturn() {
        return fields[2] & 0xffffffffL;
    }

    /** Offset of the table of stack pointer deltas, 0 if it has none. */
    int stackDeltas() {
        return fields[3];
    }

    int fileTable() {
        return fields[4];
    }

    int lineTable() {
        return fields[5];
    }

    int pcDataCount() {
        return fields[6];
    }

    long unit() {
        return fields[7] & 0xffffffffL;
    }

    /** Line of its declaration, or 0 where unknown (before Go 1.20). */
    public int startLine() {
        return fields[8];
    }

    int id() {
        return fields[9];
    }

    int functionDataCount() {
        return fields[11];
    }

    /** Address of the list of its pc-value tables. */
    long pcDataList() {
        return record + fixedSize;
    }

    /** Whether a call stack ends with it. */
    public boolean topFrame() {
        return (fields[10] & TOP_FRAME) != 0;
    }

    /** Whether it writes the stack pointer in ways that the table does not describe. */
    public boolean writesStackPointer() {
        return (fields[10] & WRITES_SP) != 0;
    }

    /** Whether it is written in assembly. */
    public boolean assembly() {
        return (fields[10] & ASSEMBLY) != 0;
    }

    /** Whether it has a frame that the table describes. */
    public boolean hasFrame() {
        return fields[3] != 0;
    }

    @Override
    public String toString() {
        return name;
    }
}

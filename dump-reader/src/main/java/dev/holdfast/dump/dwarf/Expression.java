package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.dwarf.DwarfFunction.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Location expressions (DWARF 5, 2.5 and 2.6) as far as Go's compiler uses them: registers, addresses, offsets from the
 * canonical frame address, and pieces of those. Everything else counts as no place.
 */
final class Expression {
    private static final int ADDR = 0x03;
    private static final int DEREF = 0x06;
    private static final int CONST1U = 0x08;
    private static final int CONST1S = 0x09;
    private static final int CONST2U = 0x0a;
    private static final int CONST2S = 0x0b;
    private static final int CONST4U = 0x0c;
    private static final int CONST4S = 0x0d;
    private static final int CONST8U = 0x0e;
    private static final int CONST8S = 0x0f;
    private static final int CONSTU = 0x10;
    private static final int CONSTS = 0x11;
    private static final int MINUS = 0x1c;
    private static final int PLUS = 0x22;
    private static final int PLUS_UCONST = 0x23;
    private static final int LIT0 = 0x30;
    private static final int REG0 = 0x50;
    private static final int BREG0 = 0x70;
    private static final int REGX = 0x90;
    private static final int FBREG = 0x91;
    private static final int PIECE = 0x93;
    private static final int NOP = 0x96;
    private static final int CALL_FRAME_CFA = 0x9c;
    private static final int ADDRX = 0xa1;
    private static final int GNU_ADDR_INDEX = 0xfb;

    private static final Piece NOWHERE = new Piece(Piece.Kind.NONE, 0, 0);
    private static final List<Piece> ALL_NOWHERE = List.of(NOWHERE);

    /** Deepest stack an expression of interest needs. */
    private static final int DEEPEST = 4;

    private final Unit unit;
    private final Cursor cursor;
    private final int end;
    private final boolean frame;
    private final Piece.Kind[] kinds = new Piece.Kind[DEEPEST];
    private final long[] values = new long[DEEPEST];
    private int depth;
    private boolean lost;

    private Expression(Unit unit, Block block, boolean frame) {
        this.unit = unit;
        this.cursor = block.cursor();
        this.end = block.bytes().limit();
        this.frame = frame;
    }

    /**
     * Where the parts of a variable are.
     *
     * @param frame whether the function's frame base is the canonical frame address
     */
    static List<Piece> pieces(Unit unit, Block block, boolean frame) {
        return new Expression(unit, block, frame).run();
    }

    /** Whether an expression of a frame base is the canonical frame address. */
    static boolean isFrameAddress(Block block) {
        return block.bytes().limit() == 1 && (block.bytes().get(0) & 0xff) == CALL_FRAME_CFA;
    }

    /** What an expression of a field's place adds to the address of its struct; 0 if it is none. */
    static long memberOffset(Block block) {
        Cursor cursor = block.cursor();
        int operation = block.bytes().limit() == 0 ? NOP : cursor.u8();
        return operation == PLUS_UCONST || operation == CONSTU ? cursor.uleb() : 0;
    }

    private List<Piece> run() {
        List<Piece> pieces = new ArrayList<>(4);
        while (cursor.position < end) {
            int operation = cursor.u8();
            if (operation == PIECE) {
                long size = cursor.uleb();
                if (size < 0) {
                    throw new DamagedDwarfException("a piece has a size of " + Long.toUnsignedString(size));
                }
                Piece here = top();
                if (size > 0) {
                    pieces.add(new Piece(here.kind(), here.value(), size));
                }
                depth = 0;
                lost = false;
            } else if (!step(operation)) {
                // What it is or how long its operands are is unknown, so neither is what follows.
                pieces.add(NOWHERE);
                return List.copyOf(pieces);
            }
        }
        if (pieces.isEmpty()) {
            Piece all = top();
            return all.kind() == Piece.Kind.NONE ? ALL_NOWHERE : List.of(all);
        }
        return List.copyOf(pieces);
    }

    private Piece top() {
        // A number alone is a value, not a place.
        return depth != 1 || lost || kinds[0] == Piece.Kind.NONE ? NOWHERE : new Piece(kinds[0], values[0], 0);
    }

    /** Whether the operation is understood. */
    private boolean step(int operation) {
        if (operation >= REG0 && operation < BREG0) {
            push(Piece.Kind.REGISTER, operation - REG0);
            return true;
        }
        if (operation >= LIT0 && operation < REG0) {
            push(Piece.Kind.NONE, operation - LIT0);
            return true;
        }
        switch (operation) {
            case ADDR:
                push(Piece.Kind.ADDRESS, cursor.u64());
                return true;
            case ADDRX:
            case GNU_ADDR_INDEX:
                push(Piece.Kind.ADDRESS, unit.address(cursor.uleb()));
                return true;
            case REGX:
                push(Piece.Kind.REGISTER, cursor.uleb());
                return true;
            case FBREG:
                push(Piece.Kind.FRAME, cursor.sleb());
                lost |= !frame;
                return true;
            case CALL_FRAME_CFA:
                push(Piece.Kind.FRAME, 0);
                return true;
            case DEREF:
                dereference();
                return true;
            case PLUS_UCONST:
                add(cursor.uleb());
                return true;
            case PLUS:
                plus(1);
                return true;
            case MINUS:
                plus(-1);
                return true;
            case NOP:
                return true;
            default:
                return constant(operation);
        }
    }

    private boolean constant(int operation) {
        switch (operation) {
            case CONST1U:
                push(Piece.Kind.NONE, cursor.u8());
                return true;
            case CONST1S:
                push(Piece.Kind.NONE, (byte) cursor.u8());
                return true;
            case CONST2U:
                push(Piece.Kind.NONE, cursor.u16());
                return true;
            case CONST2S:
                push(Piece.Kind.NONE, (short) cursor.u16());
                return true;
            case CONST4U:
                push(Piece.Kind.NONE, cursor.u32());
                return true;
            case CONST4S:
                push(Piece.Kind.NONE, cursor.u32() << 32 >> 32);
                return true;
            case CONST8U:
            case CONST8S:
                push(Piece.Kind.NONE, cursor.u64());
                return true;
            case CONSTU:
                push(Piece.Kind.NONE, cursor.uleb());
                return true;
            case CONSTS:
                push(Piece.Kind.NONE, cursor.sleb());
                return true;
            default:
                return false;
        }
    }

    private void push(Piece.Kind kind, long value) {
        if (depth == DEEPEST) {
            lost = true;
            return;
        }
        kinds[depth] = kind;
        values[depth++] = value;
    }

    /** Go 1.25 and later: a variable that escaped to the heap, whose address is in a word of the frame. */
    private void dereference() {
        if (depth == 1 && kinds[0] == Piece.Kind.FRAME) {
            kinds[0] = Piece.Kind.INDIRECT;
        } else {
            lost = true;
        }
    }

    private void add(long number) {
        if (depth == 0 || kinds[depth - 1] == Piece.Kind.REGISTER || kinds[depth - 1] == Piece.Kind.INDIRECT) {
            lost = true;
        } else {
            values[depth - 1] += number;
        }
    }

    /** Adds or subtracts the number on top; a place minus a place or behind a number is no place of a variable. */
    private void plus(int sign) {
        if (depth < 2 || kinds[depth - 1] != Piece.Kind.NONE) {
            lost = true;
            return;
        }
        depth--;
        add(sign * values[depth]);
    }
}

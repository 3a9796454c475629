package dev.holdfast.dump.gostack;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfFunction;
import dev.holdfast.dump.dwarf.DwarfFunction.Local;
import dev.holdfast.dump.dwarf.DwarfFunction.Piece;
import dev.holdfast.dump.dwarf.DwarfFunction.Range;
import dev.holdfast.dump.goruntime.GoProgram;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names the slots of frames by the variables of the debugging information; for one thread.
 *
 * <p>The canonical frame address is the caller's stack pointer on both machines.
 */
final class FrameVariables {
    private final @Nullable Dwarf dwarf;
    private final long bias;
    private final Map<Long, Optional<DwarfFunction>> functions = new HashMap<>();

    FrameVariables(GoProgram program) {
        dwarf = program.dwarf();
        bias = program.bias();
    }

    @Nullable
    SlotVariable at(GoFrame frame, long slot) {
        return find(frame, Piece.Kind.FRAME, slot - frame.fp());
    }

    @Nullable
    SlotVariable inRegister(GoFrame frame, int register) {
        return find(frame, Piece.Kind.REGISTER, register);
    }

    private @Nullable SlotVariable find(GoFrame frame, Piece.Kind kind, long value) {
        DwarfFunction function = functionOf(frame);
        if (function == null) {
            return null;
        }
        long pc = frame.place() - bias;
        SlotVariable elsewhere = null;
        boolean ambiguous = false;
        for (Local local : function.variables()) {
            for (Range range : local.ranges()) {
                boolean here = pc - range.low() >= 0 && pc - range.high() < 0;
                if (!here && kind == Piece.Kind.REGISTER) {
                    continue;
                }
                long offset = offset(local, range, kind, value);
                if (offset < 0) {
                    continue;
                }
                SlotVariable found =
                        new SlotVariable(local.name(), local.function(), local.type(), offset, local.parameter(), here);
                if (here) {
                    return found;
                }
                ambiguous |= elsewhere != null && !elsewhere.equals(found);
                elsewhere = found;
            }
        }
        // Since Go 1.23 variables share slots, so one that is elsewhere in its life counts only if it is the only one.
        return ambiguous ? null : elsewhere;
    }

    /** Offset in the variable of what lies at a place, or -1. */
    private long offset(Local local, Range range, Piece.Kind kind, long value) {
        long offset = 0;
        for (Piece piece : range.pieces()) {
            if (piece.kind() == kind) {
                if (kind == Piece.Kind.REGISTER && value == piece.value()) {
                    return offset;
                }
                long into = value - piece.value();
                if (kind == Piece.Kind.FRAME && into >= 0) {
                    long size = piece.size() == 0 ? sizeOf(local.type()) - offset : piece.size();
                    if (into < size) {
                        return offset + into;
                    }
                }
            }
            offset += piece.size();
        }
        return -1;
    }

    private long sizeOf(long type) {
        return dwarf == null || type < 0 ? 0 : dwarf.type(type).size();
    }

    private @Nullable DwarfFunction functionOf(GoFrame frame) {
        if (dwarf == null) {
            return null;
        }
        Dwarf information = dwarf;
        return functions
                .computeIfAbsent(
                        frame.function().entry(), entry -> Optional.ofNullable(information.function(entry - bias)))
                .orElse(null);
    }
}

package dev.holdfast.dump.gostack;

import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Places in the source by return address. */
final class Places {
    private Places() {}

    /** The physical function with the call that returns to an address, as the runtime prints {@code created by}. */
    static @Nullable CodePlace caller(FunctionTable functions, long returnAddress) {
        List<CodePlace> places = functions.callers(returnAddress);
        if (places.isEmpty()) {
            return null;
        }
        CodePlace inner = places.get(0);
        CodePlace outer = places.get(places.size() - 1);
        // The runtime names the function but takes the line of the instruction, inlined or not.
        return new CodePlace(
                outer.function(),
                outer.symbol(),
                inner.file(),
                inner.line(),
                outer.startLine(),
                false,
                outer.wrapper(),
                inner.pc());
    }
}

package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.pclntab.CodeModule;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.FunctionTableFuzzer;
import dev.holdfast.dump.pclntab.GoFunction;
import dev.holdfast.testkit.FuzzTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stack maps of the functions of {@link FunctionTableFuzzer}'s inputs, for frames that lie in the same memory. */
public final class StackMapsFuzzer {
    private static final long STACK = 0x500040;

    private StackMapsFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        return FunctionTableFuzzer.seeds();
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(StackMapsFuzzer.class).warmUp();
    }

    /** Asks which words of a frame hold pointers, at every third place of the code. */
    public static void fuzzerTestOneInput(byte[] input) {
        @Nullable CodeModule module = FunctionTableFuzzer.module(input);
        if (module == null) {
            return;
        }
        MemoryImage memory = FunctionTableFuzzer.memory(input);
        FunctionTable table = new FunctionTable(List.of(module), memory.reader());
        StackMaps amd64 = new StackMaps(table, memory.reader(), false);
        StackMaps arm64 = new StackMaps(table, memory.reader(), true);
        for (long pc = module.text(); pc < module.text() + 192; pc += 3) {
            @Nullable GoFunction function = table.function(pc);
            if (function == null) {
                continue;
            }
            GoFrame frame = new GoFrame(
                    0, function, pc, STACK, STACK + 80, STACK + 64, STACK + 80, pc, false, false, STACK + 80);
            amd64.pointers(frame, address -> {});
            arm64.pointers(frame, address -> {});
            amd64.argumentBytes(frame);
            arm64.argumentBytes(frame);
        }
    }
}

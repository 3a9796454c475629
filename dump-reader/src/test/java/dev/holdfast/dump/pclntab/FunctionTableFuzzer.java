package dev.holdfast.dump.pclntab;

import dev.holdfast.dump.elf.MadeMemory;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.testkit.FuzzTarget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tables of functions: twelve numbers of two bytes, which say where a module's tables lie, and then the memory with the tables
 * themselves.
 */
public final class FunctionTableFuzzer {
    private static final long BASE = 0x500000;
    private static final long TEXT = 0x401000;
    private static final int MAGIC_118 = 0xfffffff0;
    private static final int MAGIC_120 = 0xfffffff1;
    private static final int FIELDS = 24;
    private static final int MOST = 1 << 14;
    private static final int ENTRIES = 3;
    private static final int CODE = 64;

    private FunctionTableFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        return List.of(made(MAGIC_120), made(MAGIC_118));
    }

    /** The memory of an input. */
    public static MemoryImage memory(byte[] input) {
        return MadeMemory.of(BASE, Arrays.copyOfRange(input, FIELDS, input.length));
    }

    /** The module of an input, or null if it is too short or too long. */
    public static @Nullable CodeModule module(byte[] input) {
        if (input.length < FIELDS || input.length > MOST) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        long[] at = new long[12];
        for (int i = 0; i < at.length; i++) {
            at[i] = BASE + fields.getShort(2 * i);
        }
        return new CodeModule(
                at[0],
                at[1],
                at[2],
                at[3],
                at[4],
                at[5],
                at[6],
                (int) (at[7] - BASE),
                TEXT,
                TEXT + Math.abs(at[9] - BASE),
                at[10],
                at[11]);
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(FunctionTableFuzzer.class).warmUp();
    }

    /** Looks for functions by address and by name, and for all that their tables say. */
    public static void fuzzerTestOneInput(byte[] input) {
        @Nullable CodeModule module = module(input);
        if (module == null) {
            return;
        }
        FunctionTable table = new FunctionTable(List.of(module), memory(input).reader());
        table.named("main.work");
        long[] addresses = new long[ENTRIES * CODE / 8];
        for (int i = 0; i < addresses.length; i++) {
            long pc = TEXT + 8L * i + i % 3;
            addresses[i] = pc;
            table.places(pc);
            table.callers(pc);
            @Nullable GoFunction function = table.function(pc);
            if (function != null) {
                Objects.requireNonNull(function.name());
                table.stackDelta(function, pc);
                for (int number = 0; number < 5; number++) {
                    table.pcData(function, number, pc);
                    table.functionData(function, number);
                }
            }
        }
        table.recorded(addresses);
        table.function(module.endText());
        table.function(-1);
    }

    /** Three functions, the first with stack maps, an inlined call and stack objects. */
    private static byte[] made(int magic) {
        ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer memory = out.slice(FIELDS, 1024 - FIELDS).order(ByteOrder.LITTLE_ENDIAN);
        memory.putInt(magic).put((byte) 0).put((byte) 0).put((byte) 1).put((byte) 8);
        int names = memory.position();
        memory.put("\0main.work\0main.inlined\0runtime.goexit\0runtime.systemstack\0".getBytes(StandardCharsets.UTF_8));
        int files = memory.position();
        memory.put("/src/main.go\0".getBytes(StandardCharsets.UTF_8));
        int units = aligned(memory);
        memory.putInt(0).putInt(-1);
        int values = memory.position();
        // Value -1 + 1 for 16 bytes of code, then + 8 for 48; value -1 + 1 for all; value 0, then 1.
        memory.put(new byte[] {0, 2, 16, 16, 48, 0, 2, 64, 0, 2, 30, 2, 34, 0});
        int data = aligned(memory);
        memory.putInt(2).putInt(9).put(new byte[] {0x55, 1, (byte) 0xff, 0});
        int tree = aligned(memory) - data;
        memory.putInt(0).putInt(11).putInt(20).putInt(7);
        memory.putShort((short) -1)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(0)
                .putInt(8)
                .putInt(11)
                .putInt(20);
        int objects = aligned(memory) - data;
        memory.putLong(1).putInt(-24).putInt(16).putInt(16).putInt(4);
        int functions = aligned(memory);
        int[] records = new int[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            records[i] = memory.position() - functions;
            memory.putInt(i * CODE).putInt(i == 0 ? 1 : i == 1 ? 24 : 39);
            memory.putInt(i == 0 ? 16 : i == 1 ? 0x80000000 : 0).putInt(i == 0 ? 40 : 0);
            memory.putInt(1).putInt(6).putInt(9).putInt(3).putInt(0);
            if (magic == MAGIC_120) {
                memory.putInt(5);
            }
            memory.put((byte) i).put((byte) (i == 1 ? 1 : 0)).put((byte) 0).put((byte) 4);
            memory.putInt(0).putInt(9).putInt(i == 0 ? 6 : 0);
            memory.putInt(0).putInt(0).putInt(objects).putInt(i == 0 ? tree : -1);
        }
        int lookup = memory.position();
        for (int i = 0; i < ENTRIES; i++) {
            memory.putInt(i * CODE).putInt(records[i]);
        }
        memory.putInt(ENTRIES * CODE).putInt(0);
        int[] fields = {0, names, units, files, values, functions, lookup, ENTRIES, 0, ENTRIES * CODE, data, 0};
        for (int i = 0; i < fields.length; i++) {
            out.putShort(2 * i, (short) fields[i]);
        }
        return Arrays.copyOf(out.array(), FIELDS + memory.position());
    }

    private static int aligned(ByteBuffer memory) {
        memory.position(memory.position() + 7 & -8);
        return memory.position();
    }
}

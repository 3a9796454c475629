package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The runtime's own words for why a goroutine waits; their numbers change with releases. */
final class WaitReasons {
    private static final int LONGEST = 200;
    private static final int MOST = 100;

    private final MemoryReader reader;
    private final long table;
    private final Map<Integer, String> known = new HashMap<>();

    WaitReasons(GoProgram program) {
        reader = program.reader();
        table = program.layout().hasAddress("runtime.waitReasonStrings")
                ? program.layout().address("runtime.waitReasonStrings")
                : 0;
    }

    /** Its text, or null for none. */
    @Nullable
    String text(int reason) {
        if (reason == 0 || reason > MOST || table == 0) {
            return null;
        }
        String text = known.computeIfAbsent(reason, this::read);
        return text.isEmpty() ? null : text;
    }

    private String read(int reason) {
        try {
            long address = reader.word(table + 16L * reason);
            long length = reader.word(table + 16L * reason + 8);
            if (length <= 0 || length > LONGEST) {
                return "";
            }
            return new String(reader.bytes(address, (int) length), StandardCharsets.UTF_8);
        } catch (MissingMemoryException e) {
            return "";
        }
    }
}

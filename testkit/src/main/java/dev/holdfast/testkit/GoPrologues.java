package dev.holdfast.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much stack functions take by their own machine code, as {@code go tool objdump} lists it: on amd64 the return address,
 * what the prologue pushes, and what it takes from the stack pointer. Reads neither pclntab nor DWARF.
 */
final class GoPrologues {
    private static final Pattern HEAD = Pattern.compile("^TEXT (.*)\\(SB\\)");
    private static final Pattern PUSH = Pattern.compile("\\tPUSHQ ");
    private static final Pattern TAKE = Pattern.compile("\\t(SUBQ|ADDQ) \\$(-?)0x([0-9a-f]+), SP\\s*$");
    private static final long WORD = 8;

    private GoPrologues() {}

    /** Bytes of each function's frame, by the name that the linker knows it by. */
    static Map<String, Long> frameBytes(String listing) {
        Map<String, Long> bytes = new HashMap<>();
        String function = "";
        boolean taken = false;
        for (String line : listing.lines().toList()) {
            Matcher head = HEAD.matcher(line);
            if (head.find()) {
                function = head.group(1);
                taken = false;
                bytes.put(function, WORD);
                continue;
            }
            Matcher take = TAKE.matcher(line);
            if (taken) {
                continue;
            }
            if (PUSH.matcher(line).find()) {
                bytes.merge(function, WORD, Long::sum);
            } else if (take.find()) {
                // Minus 128 is encoded shorter than plus 128.
                boolean grows = take.group(1).equals("SUBQ") == take.group(2).isEmpty();
                long amount = Long.parseLong(take.group(3), 16);
                bytes.merge(function, grows ? amount : -amount, Long::sum);
                taken = true;
            }
        }
        return bytes;
    }
}

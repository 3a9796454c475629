package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the linker wrote into the executable about the build: {@code go version -m} shows the same. Present in stripped
 * programs too.
 */
final class BuildInfo {
    private static final int HEADER = 32;
    private static final byte INLINE_STRINGS = 2;

    /** The module information stands between two marks of 16 bytes. */
    private static final int MARK = 16;

    private BuildInfo() {}

    /** Facts in the order of the file; none if there is nothing that Go 1.18 or later wrote. */
    static Map<String, String> read(ElfFile executable) {
        Map<String, String> facts = new LinkedHashMap<>();
        ByteBuffer section;
        try {
            section = executable.contents(".go.buildinfo");
        } catch (IOException e) {
            return facts;
        }
        if (section.limit() < HEADER || (section.get(15) & INLINE_STRINGS) == 0) {
            return facts;
        }
        ByteBuffer rest = section.duplicate();
        rest.position(HEADER);
        string(rest);
        String module = string(rest);
        if (module.length() < 2 * MARK) {
            return facts;
        }
        for (String line : module.substring(MARK, module.length() - MARK).split("\n")) {
            String[] parts = line.split("\t", 4);
            if (parts[0].equals("path") && parts.length > 1) {
                facts.put("main package", parts[1]);
            } else if (parts[0].equals("mod") && parts.length > 1) {
                facts.put("main module", parts.length > 2 ? (parts[1] + " " + parts[2]).trim() : parts[1]);
            } else if (parts[0].equals("build") && parts.length > 1) {
                setting(parts[1], facts);
            }
        }
        return facts;
    }

    private static void setting(String text, Map<String, String> facts) {
        // A key or value with blanks is quoted as in Go's source; such a key does not exist in practice.
        int equals = text.indexOf('=');
        if (equals > 0) {
            String value = text.substring(equals + 1);
            boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
            facts.put(
                    "build " + text.substring(0, equals),
                    quoted ? value.substring(1, value.length() - 1).replace("\\\"", "\"") : value);
        }
    }

    /** A string after its length in 7-bit groups; empty if it is damaged. The marks are no text, so bytes stay bytes. */
    private static String string(ByteBuffer from) {
        long length = 0;
        for (int shift = 0; shift < 63 && from.hasRemaining(); shift += 7) {
            int b = from.get();
            length |= (b & 0x7fL) << shift;
            if (b >= 0) {
                if (length > from.remaining()) {
                    return "";
                }
                byte[] bytes = new byte[(int) length];
                from.get(bytes);
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }
}

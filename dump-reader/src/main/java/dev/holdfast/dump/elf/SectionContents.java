package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.InsufficientResourcesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Contents of sections, unpacked: {@code SHF_COMPRESSED} with zlib (what Go's linker writes since 1.11) and the older
 * {@code .zdebug_} sections with a header of "ZLIB" and a big-endian size.
 */
final class SectionContents {
    private static final long SHF_COMPRESSED = 1 << 11;
    private static final int ZLIB = 1;
    private static final int ZSTD = 2;

    /** Deflate cannot pack more tightly (258 bytes in two bits), so a larger size is forged. */
    private static final long MAX_RATIO = 1032;

    private final MappedFile file;

    SectionContents(MappedFile file) {
        this.file = file;
    }

    ByteBuffer read(ElfFile.Section section) throws IOException {
        if (!ElfHeaders.hasBytes(section)) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer raw = file.checked(section.offset(), section.size(), "section " + section.name());
        if ((section.flags() & SHF_COMPRESSED) != 0) {
            return compressed(section, raw);
        }
        if (section.name().startsWith(".zdebug_")) {
            return old(section, raw);
        }
        return raw;
    }

    private ByteBuffer compressed(ElfFile.Section section, ByteBuffer raw) throws IOException {
        if (raw.limit() < 24) {
            throw wrong(section, "is too short for its compression header", null);
        }
        int method = raw.getInt(0);
        if (method == ZSTD) {
            throw wrong(
                    section,
                    "is compressed with zstd, which is not read (objcopy --decompress-debug-sections unpacks it)",
                    null);
        }
        if (method != ZLIB) {
            throw wrong(section, "is compressed by unknown method " + method, null);
        }
        return inflate(section, raw.slice(24, raw.limit() - 24), raw.getLong(8));
    }

    private ByteBuffer old(ElfFile.Section section, ByteBuffer raw) throws IOException {
        if (raw.limit() < 12 || raw.getInt(0) != 0x42494c5a) {
            return raw;
        }
        return inflate(section, raw.slice(12, raw.limit() - 12), Long.reverseBytes(raw.getLong(4)));
    }

    private ByteBuffer inflate(ElfFile.Section section, ByteBuffer packed, long size) throws IOException {
        if (size < 0 || size > MAX_RATIO * (packed.limit() + 64L) || size > MappedFile.MAX_SLICE) {
            throw wrong(section, "says it unpacks to " + Long.toUnsignedString(size) + " bytes", null);
        }
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (size > most) {
            throw new InsufficientResourcesException("section " + section.name() + " of " + file.path() + " unpacks to "
                    + size + " bytes; the Java heap has room for " + most);
        }
        // Grows with what is really there: a size within the ratio may still be a lie.
        byte[] bytes = new byte[(int) Math.min(size, 16L * packed.limit() + 4096)];
        int length = 0;
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            while (length < size) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * bytes.length));
                }
                int n = inflater.inflate(bytes, length, bytes.length - length);
                if (n == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                    throw wrong(section, "ends after " + length + " of " + size + " bytes", null);
                }
                length += n;
            }
        } catch (DataFormatException e) {
            throw wrong(section, "is damaged after " + length + " of " + size + " bytes", e);
        } finally {
            inflater.end();
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private DumpFormatException wrong(ElfFile.Section section, String what, @Nullable Exception cause) {
        DumpFormatException wrong = file.wrong(section.offset(), "section " + section.name() + " " + what);
        if (cause != null) {
            wrong.initCause(cause);
        }
        return wrong;
    }
}

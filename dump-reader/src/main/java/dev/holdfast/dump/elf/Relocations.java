package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.InsufficientResourcesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the loader adds the bias to in a position-independent file: {@code R_X86_64_RELATIVE} and
 * {@code R_AARCH64_RELATIVE}, which set a word to bias + addend. Others need symbols of other files; the words they set are
 * always dumped since the loader wrote them.
 */
final class Relocations {
    private static final int SHT_RELA = 4;
    private static final long SHF_ALLOC = 2;
    private static final int ENTRY = 24;
    private static final int AMD64_RELATIVE = 8;
    private static final int ARM64_RELATIVE = 1027;

    private final ElfFile file;
    private final long bias;

    Relocations(ElfFile file, long bias) {
        this.file = file;
        this.bias = bias;
    }

    /** Whether the loader changed anything in the range of addresses as linked. */
    boolean touches(long address, long length) throws DumpFormatException {
        return each(address, length, null) > 0;
    }

    /** A copy of the part's bytes as the loader left them. */
    ByteBuffer apply(MemoryLayers.Part part) throws IOException {
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (part.length() > most) {
            throw new InsufficientResourcesException("a copy of " + part.length() + " bytes of " + file.path()
                    + " is needed for its relocations; there is room for " + most);
        }
        ByteBuffer raw = part.source().slice(part.offset(), part.length());
        // Direct and read-only like mapped memory, so that readers see one class of buffer and stay fast.
        ByteBuffer copy = ByteBuffer.allocateDirect((int) part.length()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, raw, 0, raw.limit());
        each(part.start() - bias, part.length(), copy);
        return copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private long each(long address, long length, @Nullable ByteBuffer into) throws DumpFormatException {
        int wanted = file.machine() == ElfFile.Machine.AMD64 ? AMD64_RELATIVE : ARM64_RELATIVE;
        long count = 0;
        for (ElfFile.Section section : file.sections()) {
            if (section.type() != SHT_RELA || (section.flags() & SHF_ALLOC) == 0) {
                continue;
            }
            ByteBuffer table = file.file().checked(section.offset(), section.size(), "section " + section.name());
            for (int at = 0; at + ENTRY <= table.limit(); at += ENTRY) {
                long where = table.getLong(at) - address;
                if ((int) table.getLong(at + 8) == wanted && where >= 0 && where <= length - 8) {
                    count++;
                    if (into != null) {
                        into.putLong((int) where, bias + table.getLong(at + 16));
                    }
                }
            }
        }
        return count;
    }
}

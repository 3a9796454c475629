package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a program is the one a core was taken of, and where it was loaded; immutable.
 *
 * <p>A rebuilt program of the same name would decode plausibly and wrongly. Compared are, as far as the core has them: both
 * kinds of build id in the first page (dumped by default, coredump_filter bit 4) and before the first function, the header,
 * Go's module data (always dumped, it is writable), and pages of code and constants that both have.
 */
public final class ExecutableMatch {
    /** What was found out. */
    public enum Verdict {
        /** It is the program. */
        MATCHES,
        /** The core has nothing that tells. */
        UNKNOWN,
        /** It is another one. */
        DIFFERS
    }

    private static final long ENTRY = 9;
    private static final long HEADERS = 3;
    private static final long PAGE = 4096;

    /** So many words of {@code runtime.moduledata}, up to etext, never change while a program runs. */
    private static final int MODULE_WORDS = 24;

    private static final int SAMPLED_PAGES = 256;

    /** Type of a section whose bytes are elsewhere: of the code, in a file split off by objcopy --only-keep-debug. */
    private static final int NOBITS = 8;

    private final ElfFile core;
    private final CoreFile notes;
    private final ElfFile executable;
    private final MemoryReader memory;

    /** Of a core and a program. */
    public ExecutableMatch(ElfFile core, CoreFile notes, ElfFile executable) {
        this(core, notes, executable, MemoryImage.ofCore(core).reader());
    }

    ExecutableMatch(ElfFile core, CoreFile notes, ElfFile executable, MemoryReader dumped) {
        this.core = core;
        this.notes = notes;
        this.executable = executable;
        this.memory = dumped;
    }

    /** Where a file's header is mapped if it is loaded without a bias. */
    static long firstAddress(ElfFile file) {
        long lowest = 0;
        boolean any = false;
        for (ElfFile.Segment segment : file.segments()) {
            if (segment.type() == ElfFile.SEGMENT_LOAD) {
                long address = segment.address() - segment.offset();
                if (!any || Long.compareUnsigned(address, lowest) < 0) {
                    lowest = address;
                    any = true;
                }
            }
        }
        return lowest & -PAGE;
    }

    /**
     * What the program's addresses were moved by; 0 for one that is linked to fixed addresses.
     *
     * @throws DumpFormatException if the core does not tell
     */
    public long bias() throws DumpFormatException {
        if (!executable.isPositionIndependent()) {
            return 0;
        }
        long first = firstAddress(executable);
        Long entry = notes.auxiliary().get(ENTRY);
        Long table = notes.auxiliary().get(HEADERS);
        List<Long> candidates = new ArrayList<>();
        if (entry != null && (entry - executable.entry() & PAGE - 1) == 0) {
            candidates.add(entry - executable.entry());
        }
        if (table != null) {
            candidates.add((table & -PAGE) - first);
        }
        int named = candidates.size();
        // Started through an explicit loader, both belong to the loader: then the header in memory tells. A core cut by
        // its end has no notes at all, but the header is near its start.
        for (CoreFile.FileMapping mapping : notes.files()) {
            if (mapping.offset() == 0) {
                candidates.add(mapping.start() - first);
            }
        }
        for (ElfFile.Segment segment : core.segments()) {
            if (segment.type() == ElfFile.SEGMENT_LOAD && segment.fileSize() > 0) {
                candidates.add(segment.address() - first);
            }
        }
        for (long bias : candidates) {
            if (Boolean.TRUE.equals(sameHeader(bias))) {
                return bias;
            }
        }
        if (named > 0) {
            return candidates.get(named - 1);
        }
        throw new DumpFormatException(
                core.path().toString(),
                -1,
                "does not tell where " + executable.path() + " was loaded: no auxiliary vector, and its header is not"
                        + " in the dumped memory; give the program that was running");
    }

    /** Whether it is the program. */
    public Verdict verdict(long bias) {
        if (core.machine() != executable.machine() || executable.isCore()) {
            return Verdict.DIFFERS;
        }
        Boolean ids = BuildIds.of(executable).agrees(BuildIds.inMemory(executable, bias, memory));
        if (ids != null) {
            return ids ? Verdict.MATCHES : Verdict.DIFFERS;
        }
        if (Boolean.FALSE.equals(sameHeader(bias))) {
            return Verdict.DIFFERS;
        }
        Boolean module = sameModuleData(bias);
        if (module != null) {
            return module ? Verdict.MATCHES : Verdict.DIFFERS;
        }
        return samePages(bias);
    }

    /**
     * Refuses a program that is not the one, and warns ({@code executable-unverified}) if the core has nothing that tells.
     *
     * @throws DumpFormatException with both ids and what to do
     */
    public void require(long bias, Warnings warnings) throws DumpFormatException {
        ElfFile.Section text = executable.section(".text");
        if (text != null && text.type() == NOBITS) {
            throw new DumpFormatException(
                    executable.path().toString(),
                    -1,
                    "has only debugging information, without code and constants: give the program itself");
        }
        switch (verdict(bias)) {
            case MATCHES -> {}
            case UNKNOWN ->
                warnings.note(
                        "executable-unverified",
                        -1,
                        "nothing in the core tells whether " + executable.path().getFileName()
                                + " is the program that was running",
                        1);
            case DIFFERS -> throw differs(bias);
        }
    }

    private DumpFormatException differs(long bias) {
        String file = executable.path().toString();
        if (executable.isCore()) {
            return new DumpFormatException(file, 16, "is a core dump, not the program");
        }
        if (core.machine() != executable.machine()) {
            return new DumpFormatException(
                    file, 18, "is a program for " + executable.machine() + ", the core is one of " + core.machine());
        }
        BuildIds.Ids wanted = BuildIds.inMemory(executable, bias, memory);
        BuildIds.Ids given = BuildIds.of(executable);
        String ids = wanted.agrees(given) == null
                ? "(the core's memory contradicts it)"
                : "(build id " + given + ", the core's is " + wanted + ")";
        return new DumpFormatException(
                file,
                -1,
                "is not the program that " + core.path() + " was taken of " + ids
                        + "; give the file that was running, not one built again");
    }

    /** Whether the header and segment table in memory are the program's; null if the core does not have them. */
    private @Nullable Boolean sameHeader(long bias) {
        MappedFile file = executable.file();
        long length = 64 + 56L * executable.segments().size();
        if (!file.has(0, length) || length > PAGE) {
            return null;
        }
        return same(bias + firstAddress(executable), file.slice(0, length));
    }

    private @Nullable Boolean same(long address, ByteBuffer bytes) {
        if (!memory.readable(address, bytes.limit())) {
            return null;
        }
        byte[] there = memory.bytes(address, bytes.limit());
        return ByteBuffer.wrap(there).equals(bytes.duplicate().rewind());
    }

    private @Nullable Boolean sameModuleData(long bias) {
        ElfFile.Section section = executable.section(".go.module");
        long address = section != null ? section.address() : executable.symbol("runtime.firstmoduledata");
        ByteBuffer words = address == 0 ? null : fileBytes(address, 8 * MODULE_WORDS);
        if (words == null || !memory.readable(bias + address, 8 * MODULE_WORDS)) {
            return null;
        }
        int telling = 0;
        for (int i = 0; i < MODULE_WORDS; i++) {
            long linked = words.getLong(8 * i);
            long there = memory.word(bias + address + 8L * i);
            // An external linker leaves words zero that the loader fills.
            if (linked == 0) {
                continue;
            }
            if (there != linked && there != linked + bias) {
                return false;
            }
            telling++;
        }
        return telling >= MODULE_WORDS / 2 ? Boolean.TRUE : null;
    }

    private @Nullable ByteBuffer fileBytes(long address, int length) {
        for (ElfFile.Segment segment : executable.segments()) {
            long at = address - segment.address();
            if (segment.type() == ElfFile.SEGMENT_LOAD
                    && at >= 0
                    && at <= segment.fileSize() - length
                    && executable.file().has(segment.offset() + at, length)) {
                return executable.file().slice(segment.offset() + at, length);
            }
        }
        return null;
    }

    /** Compares evenly spread pages, without the first, of what the program cannot write. */
    private Verdict samePages(long bias) {
        int seen = 0;
        int equal = 0;
        for (ElfFile.Segment segment : executable.segments()) {
            if (segment.type() != ElfFile.SEGMENT_LOAD || segment.writable() || segment.fileSize() < 2 * PAGE) {
                continue;
            }
            long pages = segment.fileSize() / PAGE;
            long step = Math.max(1, pages / SAMPLED_PAGES);
            for (long page = 1; page < pages; page += step) {
                ByteBuffer bytes = fileBytes(segment.address() + page * PAGE, (int) PAGE);
                Boolean same = bytes == null ? null : same(bias + segment.address() + page * PAGE, bytes);
                if (same != null) {
                    seen++;
                    equal += same ? 1 : 0;
                }
            }
        }
        // A debugger's breakpoints change single pages of code.
        if (seen < 4) {
            return Verdict.UNKNOWN;
        }
        return equal >= 0.9 * seen ? Verdict.MATCHES : equal <= 0.5 * seen ? Verdict.DIFFERS : Verdict.UNKNOWN;
    }
}

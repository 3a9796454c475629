package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.elf.CoreFile;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.ExecutableMatch;
import dev.holdfast.dump.elf.ExecutableSearch;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a core, its program, its debugging information and its runtime's layout together. */
final class ProgramOpening {
    /** Go 1.17 and older have other tables of functions and are not read. */
    private static final int OLDEST = 18;

    /** Newer releases are tried with a warning. */
    private static final int NEWEST = 27;

    /** Where the build information's own text begins, and what its first bytes are. */
    private static final int BUILD_TEXT = 32;

    private static final byte[] BUILD_MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int TEXT_INLINE = 2;
    private static final int LONGEST_VERSION = 256;

    private ProgramOpening() {}

    static GoProgram open(Path file, DumpOptions options, Warnings warnings) throws IOException {
        ElfFile core = ElfFile.open(file);
        try {
            if (!core.isCore()) {
                throw new DumpFormatException(
                        file.toString(), -1, "is a program, not a core dump: the core comes first, then its program");
            }
            CoreFile notes = CoreFile.read(core, warnings);
            ElfFile executable = ElfFile.open(executable(core, notes, options.executable()));
            try {
                return open(core, notes, executable, warnings);
            } catch (MissingMemoryException | UnknownLayoutException e) {
                throw unreadable(file, e);
            } catch (IOException | RuntimeException e) {
                executable.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            core.close();
            throw e;
        }
    }

    private static Path executable(ElfFile core, CoreFile notes, @Nullable Path given) throws DumpFormatException {
        Path found = given != null ? given : ExecutableSearch.find(core, notes, null);
        if (found == null) {
            List<String> names = ExecutableSearch.names(notes);
            String hint =
                    names.isEmpty() ? "it names none" : "it names " + names.get(0) + ", which is not here or another";
            throw new DumpFormatException(
                    core.path().toString(),
                    -1,
                    "needs the program that was running (" + hint + "): give it as the second argument or with --exe");
        }
        return found;
    }

    private static GoProgram open(ElfFile core, CoreFile notes, ElfFile executable, Warnings warnings)
            throws IOException {
        GoVersion version = version(executable);
        if (version == null) {
            throw new DumpFormatException(
                    executable.path().toString(),
                    -1,
                    "is not a Go program (it has no section .go.buildinfo); give the one that was running");
        }
        if (!version.atLeast(OLDEST)) {
            throw new DumpFormatException(
                    executable.path().toString(), -1, "was built by " + version + "; Go 1.18 and newer are read");
        }
        if (version.atLeast(NEWEST + 1)) {
            warnings.note(
                    "newer-release",
                    -1,
                    version + " is newer than what was tested; see whether the identities hold",
                    1);
        }
        ExecutableMatch match = new ExecutableMatch(core, notes, executable);
        long bias = match.bias();
        match.require(bias, warnings);
        MemoryImage memory = MemoryImage.of(core, notes, executable, bias, null, warnings);
        Dwarf dwarf = Dwarf.open(executable, warnings);
        RuntimeLayout layout = dwarf == null
                ? FixedLayout.of(executable, memory.reader(), bias, version, warnings)
                : new DwarfLayout(dwarf, executable, bias);
        return new GoProgram(
                core, notes, executable, memory, bias, version, dwarf, layout, modules(memory, layout), warnings);
    }

    /** The same program with what its memory, which was changed, says now. */
    static GoProgram again(GoProgram known, Warnings warnings) throws DumpFormatException {
        try {
            return new GoProgram(
                    known.file(),
                    known.core(),
                    known.executable(),
                    known.memory(),
                    known.bias(),
                    known.version(),
                    known.dwarf(),
                    known.layout(),
                    modules(known.memory(), known.layout()),
                    warnings);
        } catch (MissingMemoryException | UnknownLayoutException e) {
            throw unreadable(known.file().path(), e);
        }
    }

    private static List<ModuleData> modules(MemoryImage memory, RuntimeLayout layout) {
        return new Modules(memory.reader(), layout.struct("runtime.moduledata"))
                .from(layout.address("runtime.firstmoduledata"));
    }

    private static DumpFormatException unreadable(Path file, RuntimeException cause) {
        return new DumpFormatException(
                file.toString(),
                -1,
                "the Go runtime's own records cannot be read: " + cause.getMessage()
                        + "; check that the core is whole");
    }

    /** The release that built the program, or null if it is not Go's or older than 1.18. */
    private static @Nullable GoVersion version(ElfFile executable) throws IOException {
        ByteBuffer info = executable.contents(".go.buildinfo");
        if (info.remaining() < BUILD_TEXT + 2) {
            return null;
        }
        for (int i = 0; i < BUILD_MAGIC.length; i++) {
            if (info.get(info.position() + i) != BUILD_MAGIC[i]) {
                return null;
            }
        }
        if ((info.get(info.position() + BUILD_MAGIC.length + 1) & TEXT_INLINE) == 0) {
            return GoVersion.parse("go1.17 or older");
        }
        int at = info.position() + BUILD_TEXT;
        int length = info.get(at) & 0xff;
        if (length >= 0x80) {
            length = length & 0x7f | (info.get(at + 1) & 0x7f) << 7;
            at++;
        }
        length = Math.min(length, Math.min(LONGEST_VERSION, info.limit() - at - 1));
        byte[] text = new byte[Math.max(0, length)];
        for (int i = 0; i < text.length; i++) {
            text[i] = info.get(at + 1 + i);
        }
        return GoVersion.parse(new String(text, StandardCharsets.UTF_8));
    }
}

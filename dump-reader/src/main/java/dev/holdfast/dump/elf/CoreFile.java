package dev.holdfast.dump.elf;

import dev.holdfast.dump.Warnings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** What a core dump says beside memory: threads with their registers, mapped files, the process; immutable. */
public final class CoreFile {
    private final List<CoreThread> threads;
    private final List<FileMapping> files;
    private final Map<Long, Long> auxiliary;
    private final String programName;
    private final String commandLine;
    private final int signal;

    /**
     * A thread of the operating system.
     *
     * @param id as whoever dumped it numbers threads
     * @param signal that stopped it, or 0
     * @param registers amd64 in the order of {@code user_regs_struct} (r15 first), arm64 x0 to x30, sp, pc, pstate
     * @param threadPointer base of thread-local storage (fs_base, tpidr_el0), or 0 if the core does not say
     */
    public record CoreThread(long id, int signal, List<Long> registers, long threadPointer) {}

    /** A mapped file: addresses, offset in the file, name. */
    public record FileMapping(long start, long end, long offset, String name) {}

    CoreFile(CoreNotes notes) {
        this.threads = List.copyOf(notes.threads);
        this.files = List.copyOf(notes.files);
        this.auxiliary = Map.copyOf(notes.auxiliary);
        this.programName = notes.programName;
        this.commandLine = notes.commandLine;
        this.signal = notes.signal;
    }

    /**
     * Reads the notes of a core dump. One without (gdb writes them last, so a cut one has none) has no threads, no files and
     * an empty auxiliary vector.
     *
     * @param warnings takes what is cut off or malformed
     */
    public static CoreFile read(ElfFile core, Warnings warnings) {
        CoreNotes notes = new CoreNotes(core.machine(), warnings);
        MappedFile file = core.file();
        // Many segments may claim the same bytes: no more than the file has are read.
        long budget = file.size();
        for (ElfFile.Segment segment : core.segments()) {
            if (segment.type() != ElfFile.SEGMENT_NOTE || segment.fileSize() == 0) {
                continue;
            }
            long offset = segment.offset();
            if (segment.fileSize() < 0 || !file.has(offset, 0)) {
                warnings.loss("core-notes", offset, "the notes lie beyond the end of the file", 1);
                continue;
            }
            long length = Math.min(segment.fileSize(), Math.min(budget, file.size() - offset));
            length = Math.min(length, MappedFile.MAX_SLICE);
            budget -= length;
            ByteBuffer bytes = file.slice(offset, length);
            boolean complete = ElfNote.each(bytes, offset, segment.alignment(), notes::add);
            if (!complete || length < segment.fileSize()) {
                warnings.loss("core-notes", offset, "the notes are cut off", 1);
            }
        }
        notes.finish();
        return new CoreFile(notes);
    }

    /** Its threads, in the file's order: the kernel writes the one that took the signal first. */
    public List<CoreThread> threads() {
        return threads;
    }

    /** Its mapped files. */
    public List<FileMapping> files() {
        return files;
    }

    /** The auxiliary vector by key. */
    public Map<Long, Long> auxiliary() {
        return auxiliary;
    }

    /** Name of the program, or empty. */
    public String programName() {
        return programName;
    }

    /** Its command line, or empty; the kernel keeps 80 bytes. */
    public String commandLine() {
        return commandLine;
    }

    /** The signal that ended the process, or 0 where it was dumped alive. */
    public int signal() {
        return signal;
    }
}

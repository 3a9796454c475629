package dev.holdfast.dump.elf;

import java.util.List;
import java.util.Map;

/** What a core dump says beside memory: threads with their registers, mapped files, the process; immutable. */
public final class CoreFile {
    /**
     * A thread of the operating system.
     *
     * @param id as whoever dumped it numbers threads
     * @param signal that stopped it, or 0
     * @param registers amd64 in the order of {@code user_regs_struct} (r15 first), arm64 x0 to x30, sp, pc, pstate
     */
    public record CoreThread(long id, int signal, List<Long> registers) {}

    /** A mapped file: addresses, offset in the file, name. */
    public record FileMapping(long start, long end, long offset, String name) {}

    /** Its threads, in the file's order. */
    public List<CoreThread> threads() {
        throw new UnsupportedOperationException();
    }

    /** Its mapped files. */
    public List<FileMapping> files() {
        throw new UnsupportedOperationException();
    }

    /** The auxiliary vector by key. */
    public Map<Long, Long> auxiliary() {
        throw new UnsupportedOperationException();
    }

    /** Name of the program, or empty. */
    public String programName() {
        throw new UnsupportedOperationException();
    }

    /** Its command line, or empty. */
    public String commandLine() {
        throw new UnsupportedOperationException();
    }
}

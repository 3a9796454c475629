package dev.holdfast.dump.elf;

import dev.holdfast.dump.Warnings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the notes of a core dump ({@code fs/binfmt_elf.c}, gdb's {@code linux-tdep.c}).
 *
 * <p>What belongs to a thread follows its {@code NT_PRSTATUS}. Notes of other owners (gdb's target description, the
 * architecture's registers under "LINUX" but for the thread pointer) are skipped.
 */
final class CoreNotes {
    private static final int PRSTATUS = 1;
    private static final int PRPSINFO = 3;
    private static final int AUXV = 6;
    private static final int FILE = 0x46494c45;
    private static final int SIGINFO = 0x53494749;
    private static final int ARM_TLS = 0x401;

    /** Where registers stand in {@code elf_prstatus}, on both machines. */
    private static final int REGISTERS = 112;

    private static final int FS_BASE = 21;

    private static final int MAX_PATH = 1 << 16;

    /** More than any process maps; the kernel's own limit is 4 MiB by default, gdb has none. */
    private static final int MAX_FILES = 1 << 21;

    private final ElfFile.Machine machine;
    private final Warnings warnings;

    final List<CoreFile.CoreThread> threads = new ArrayList<>();
    final List<CoreFile.FileMapping> files = new ArrayList<>();
    final Map<Long, Long> auxiliary = new LinkedHashMap<>();
    String programName = "";
    String commandLine = "";
    int signal;

    CoreNotes(ElfFile.Machine machine, Warnings warnings) {
        this.machine = machine;
        this.warnings = warnings;
    }

    void add(ElfNote note) {
        if (note.is("LINUX", ARM_TLS)) {
            threadPointer(note.contents());
            return;
        }
        if (!note.name().equals("CORE")) {
            return;
        }
        switch (note.type()) {
            case PRSTATUS -> thread(note);
            case PRPSINFO -> process(note.contents());
            case AUXV -> auxiliary(note.contents());
            case FILE -> files(note);
            case SIGINFO -> {
                if (note.contents().limit() >= 4) {
                    signal = note.contents().getInt(0);
                }
            }
            default -> {}
        }
    }

    /** After the last note. */
    void finish() {
        if (signal == 0 && !threads.isEmpty()) {
            signal = threads.get(0).signal();
        }
    }

    private void thread(ElfNote note) {
        ByteBuffer at = note.contents();
        int count = machine == ElfFile.Machine.AMD64 ? 27 : 34;
        if (at.limit() < REGISTERS + 8 * count) {
            warnings.loss("core-notes", note.offset(), "a thread's note has only " + at.limit() + " bytes", 1);
            return;
        }
        List<Long> registers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            registers.add(at.getLong(REGISTERS + 8 * i));
        }
        int cause = at.getShort(12) != 0 ? at.getShort(12) : at.getInt(0);
        threads.add(new CoreFile.CoreThread(
                at.getInt(32) & 0xffffffffL,
                cause,
                List.copyOf(registers),
                machine == ElfFile.Machine.AMD64 ? registers.get(FS_BASE) : 0));
    }

    private void threadPointer(ByteBuffer contents) {
        if (!threads.isEmpty() && contents.limit() >= 8 && machine == ElfFile.Machine.ARM64) {
            int last = threads.size() - 1;
            CoreFile.CoreThread of = threads.get(last);
            threads.set(last, new CoreFile.CoreThread(of.id(), of.signal(), of.registers(), contents.getLong(0)));
        }
    }

    private void process(ByteBuffer at) {
        if (at.limit() < 136) {
            return;
        }
        programName = ElfText.at(at.slice(40, 16), 0, 16);
        commandLine = ElfText.at(at.slice(56, 80), 0, 80).stripTrailing();
    }

    private void auxiliary(ByteBuffer at) {
        for (int i = 0; i + 16 <= at.limit(); i += 16) {
            long key = at.getLong(i);
            if (key == 0) {
                return;
            }
            auxiliary.putIfAbsent(key, at.getLong(i + 8));
        }
    }

    private void files(ElfNote note) {
        ByteBuffer at = note.contents();
        if (at.limit() < 16) {
            return;
        }
        long count = at.getLong(0);
        long page = at.getLong(8);
        if (count < 0 || count > Math.min(MAX_FILES, (at.limit() - 16) / 24)) {
            warnings.loss("core-files", note.offset(), "the list of mapped files contradicts its length", 1);
            return;
        }
        int name = 16 + 24 * (int) count;
        for (int i = 0; i < count; i++) {
            int end = ElfText.end(at, name, MAX_PATH);
            int entry = 16 + 24 * i;
            files.add(new CoreFile.FileMapping(
                    at.getLong(entry),
                    at.getLong(entry + 8),
                    at.getLong(entry + 16) * page,
                    ElfText.text(at, name, end)));
            name = Math.min(end + 1, at.limit());
        }
    }
}

package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two kinds of build id: the linker's note and Go's own, as a note or as text before the first function. */
final class BuildIds {
    /** {@code NT_GNU_BUILD_ID} of owner "GNU". */
    static final int GNU_BUILD_ID = 3;

    /** Type of the note of owner "Go". */
    static final int GO_BUILD_ID = 4;

    /** As far as Go's text of an id can reach into {@code .text}; ids have about 83 characters. */
    static final int TEXT_PREFIX = 512;

    private static final String PREFIX = "\u00ff Go build ID: \"";

    /** More segments than any program has; a forged header must not cost time. */
    private static final int MAX_SEGMENTS = 128;

    /** Longer notes are no build ids. */
    static final int MAX_NOTES = 1 << 16;

    private BuildIds() {}

    /**
     * The ids of one program, each null where it is not known.
     *
     * @param linker hexadecimal
     * @param go as {@code go tool buildid} prints it
     */
    record Ids(@Nullable String linker, @Nullable String go) {
        /** Whether both have an id of one kind: true or false as they agree, null if they share none. */
        @Nullable
        Boolean agrees(Ids other) {
            if (linker != null && other.linker != null) {
                return linker.equals(other.linker);
            }
            return go != null && other.go != null ? (Boolean) go.equals(other.go) : null;
        }

        @Override
        public String toString() {
            return linker == null ? String.valueOf(go) : go == null ? linker : linker + " (Go " + go + ")";
        }
    }

    static Ids of(ElfFile file) {
        return new Ids(file.buildId(), file.goBuildId());
    }

    /**
     * The ids that memory has where the file should have been loaded: from the notes that the header there names, from
     * where the file has its own notes, and from the start of the code.
     */
    static Ids inMemory(ElfFile file, long bias, MemoryReader memory) {
        List<ElfNote> notes = new ArrayList<>(notesInMemory(bias + ExecutableMatch.firstAddress(file), memory));
        for (ElfFile.Section section : file.sections()) {
            if (section.type() == ElfFile.SECTION_NOTE && section.address() != 0) {
                notes.addAll(notes(bias + section.address(), section.size(), 4, memory));
            }
        }
        String linker = null;
        String go = null;
        for (ElfNote note : notes) {
            if (linker == null && note.is("GNU", GNU_BUILD_ID)) {
                linker = hexadecimal(note.contents());
            }
            if (go == null && note.is("Go", GO_BUILD_ID)) {
                go = text(note.contents());
            }
        }
        ElfFile.Section text = file.section(".text");
        if (go == null && text != null && memory.readable(bias + text.address(), TEXT_PREFIX)) {
            go = atStartOfText(ByteBuffer.wrap(memory.bytes(bias + text.address(), TEXT_PREFIX)));
        }
        return new Ids(linker, go);
    }

    /** Whether memory certainly has that very file: one id agrees, and no id contradicts. */
    static boolean sameInMemory(ElfFile file, long bias, MemoryReader memory) {
        return Boolean.TRUE.equals(of(file).agrees(inMemory(file, bias, memory)));
    }

    private static List<ElfNote> notesInMemory(long header, MemoryReader memory) {
        List<ElfNote> notes = new ArrayList<>();
        if (!memory.readable(header, 64) || memory.i32(header) != 0x464c457f) {
            return notes;
        }
        long table = header + memory.word(header + 32);
        int count = Math.min(memory.u16(header + 56), MAX_SEGMENTS);
        if (!memory.readable(table, 56L * count)) {
            return notes;
        }
        long bias = header;
        for (int i = 0; i < count; i++) {
            long at = table + 56L * i;
            if (memory.i32(at) == ElfFile.SEGMENT_LOAD && memory.word(at + 8) == 0) {
                bias = header - memory.word(at + 16);
            }
        }
        for (int i = 0; i < count; i++) {
            long at = table + 56L * i;
            if (memory.i32(at) == ElfFile.SEGMENT_NOTE) {
                notes.addAll(notes(bias + memory.word(at + 16), memory.word(at + 32), memory.word(at + 48), memory));
            }
        }
        return notes;
    }

    private static List<ElfNote> notes(long address, long length, long alignment, MemoryReader memory) {
        if (length <= 0 || length > MAX_NOTES || !memory.readable(address, length)) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.wrap(memory.bytes(address, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
        List<ElfNote> notes = new ArrayList<>();
        ElfNote.each(bytes, 0, alignment, notes::add);
        return notes;
    }

    static String hexadecimal(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.limit(); i++) {
            text.append(Character.forDigit(bytes.get(i) >> 4 & 0xf, 16))
                    .append(Character.forDigit(bytes.get(i) & 0xf, 16));
        }
        return text.toString();
    }

    static @Nullable String text(ByteBuffer bytes) {
        return plausible(ElfText.at(bytes, 0, TEXT_PREFIX));
    }

    /** Damaged bytes are no id, and must not reach a terminal in a message. */
    private static @Nullable String plausible(String id) {
        return !id.isEmpty() && id.chars().allMatch(c -> c > ' ' && c < 0x7f) ? id : null;
    }

    /** The id that Go writes before the first function ({@code cmd/internal/buildid}), or null. */
    static @Nullable String atStartOfText(ByteBuffer code) {
        byte[] bytes = new byte[code.limit()];
        code.get(0, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        int end = text.indexOf('"', PREFIX.length());
        return end < 0 ? null : plausible(text.substring(PREFIX.length(), end));
    }
}

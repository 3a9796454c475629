package dev.holdfast.dump.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for the program a core was taken of under the names the core has for it. */
public final class ExecutableSearch {
    private static final long ENTRY = 9;
    private static final long FILE_NAME = 31;
    private static final String DELETED = " (deleted)";
    private static final int MAX_NAME = 4096;

    private ExecutableSearch() {}

    /**
     * The program if it is there and not another one, else null. Looks under the name of the file where the process
     * started, the name it was started by, and the lowest mapped file; then for those names in the core's own folder, where
     * it must match for sure.
     *
     * @param base folder below which the names are looked for, or null for the names themselves
     */
    public static @Nullable Path find(ElfFile core, CoreFile notes, @Nullable Path base) {
        MemoryReader memory = MemoryImage.ofCore(core).reader();
        List<String> names = names(notes, memory);
        for (String name : names) {
            Path path = resolve(name, base);
            if (path != null
                    && path.isAbsolute()
                    && verdict(core, notes, path, memory) == ExecutableMatch.Verdict.MATCHES) {
                return path;
            }
        }
        for (String name : names) {
            Path path = resolve(name, null);
            Path last = path == null ? null : path.getFileName();
            Path beside = last == null ? null : core.path().resolveSibling(last);
            if (beside != null && verdict(core, notes, beside, memory) == ExecutableMatch.Verdict.MATCHES) {
                return beside;
            }
        }
        for (String name : names) {
            Path path = resolve(name, base);
            if (path != null
                    && path.isAbsolute()
                    && verdict(core, notes, path, memory) == ExecutableMatch.Verdict.UNKNOWN) {
                return path;
            }
        }
        return null;
    }

    /** Names the core has for the program, likeliest first. */
    public static List<String> names(CoreFile notes) {
        return names(notes, new MemoryImage(List.of()).reader());
    }

    private static List<String> names(CoreFile notes, MemoryReader memory) {
        Set<String> names = new LinkedHashSet<>();
        Long entry = notes.auxiliary().get(ENTRY);
        CoreFile.FileMapping lowest = null;
        for (CoreFile.FileMapping mapping : notes.files()) {
            if (entry != null && Long.compareUnsigned(entry - mapping.start(), mapping.end() - mapping.start()) < 0) {
                names.add(alive(mapping.name()));
                entry = null;
            }
            if (lowest == null || Long.compareUnsigned(mapping.start(), lowest.start()) < 0) {
                lowest = mapping;
            }
        }
        Long started = notes.auxiliary().get(FILE_NAME);
        if (started != null) {
            names.add(text(started, memory));
        }
        if (lowest != null) {
            names.add(alive(lowest.name()));
        }
        names.remove("");
        return new ArrayList<>(names);
    }

    private static String alive(String name) {
        return name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name;
    }

    private static String text(long address, MemoryReader memory) {
        byte[] bytes = new byte[MAX_NAME];
        int length = 0;
        while (length < MAX_NAME && memory.readable(address + length, 1) && memory.u8(address + length) != 0) {
            bytes[length] = (byte) memory.u8(address + length);
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static @Nullable Path resolve(String name, @Nullable Path base) {
        try {
            return base == null
                    ? Path.of(name)
                    : base.toAbsolutePath().resolve(name.startsWith("/") ? name.substring(1) : name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static ExecutableMatch.@Nullable Verdict verdict(
            ElfFile core, CoreFile notes, Path path, MemoryReader memory) {
        if (!Files.isRegularFile(path)) {
            return null;
        }
        try {
            ExecutableMatch match = new ExecutableMatch(core, notes, ElfFile.open(path), memory);
            return match.verdict(match.bias());
        } catch (IOException e) {
            // Not an ELF file, or unreadable: not the program.
            return null;
        }
    }
}

package dev.holdfast.dump;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where scratch files go. */
public final class ScratchFolder {
    /** File systems whose files are memory: what is moved there is not saved. */
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");

    /** Where Linux keeps temporary files that are too large for memory. */
    private static final Path ON_DISK = Path.of("/var/tmp");

    private ScratchFolder() {}

    /**
     * The folder for scratch files: the one that was asked for, else the system's for temporary files, or that for large
     * ones where the first is in memory.
     */
    public static Path of(@Nullable Path asked) {
        if (asked != null) {
            return asked;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        boolean better = inMemory(temporary) && Files.isWritable(ON_DISK) && !inMemory(ON_DISK);
        return better ? ON_DISK : temporary;
    }

    /** Whether files in the folder, or in the nearest one above it that exists, are memory. */
    public static boolean inMemory(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return false;
        }
        try {
            FileStore store = Files.getFileStore(existing);
            return IN_MEMORY.contains(store.type());
        } catch (IOException e) {
            // Then the first file will tell what is wrong with the folder.
            return false;
        }
    }
}

package dev.holdfast.heap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps scratch files in one folder, all of whose bytes are on the disk before any is used.
 *
 * <p>A file that is merely made long takes its blocks when its pages are first touched, and a full disk then is a fault in
 * the middle of a kernel that ends the process; so zeros are written first (0.3 s a gigabyte, of which the faults later
 * save a part), and a full disk is an exception here. A file is unlinked before it is written, where the system allows
 * that, so that not even a killed process leaves one behind; else at {@link #close}. Thread-safe.
 */
final class ScratchFiles implements Closeable {
    /** File systems whose files are memory: what is moved there is not saved. */
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");

    /** Where Linux keeps temporary files that are too large for memory. */
    private static final Path ON_DISK = Path.of("/var/tmp");

    private static final int ZEROS = 1 << 20;

    private final Path folder;
    private final List<Path> leftBehind = new ArrayList<>();

    /** Files in the folder, which must exist. */
    ScratchFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder for scratch files: the one that was asked for, else the system's for temporary files, or that for large
     * ones where the first is in memory.
     */
    static Path folder(@Nullable Path asked) {
        if (asked != null) {
            return asked;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        boolean better = inMemory(temporary) && Files.isWritable(ON_DISK) && !inMemory(ON_DISK);
        return better ? ON_DISK : temporary;
    }

    /** Whether files in the folder, or in the nearest one above it that exists, are memory. */
    static boolean inMemory(Path folder) {
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

    /**
     * A new mapped file of zeros.
     *
     * @throws CapacityException if the disk or the system has no room for it
     */
    synchronized ByteBuffer map(long size) {
        try {
            Path path = Files.createTempFile(folder, "holdfast", ".column");
            leftBehind.add(path);
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                if (unlink(path)) {
                    leftBehind.remove(leftBehind.size() - 1);
                }
                fill(file, size);
                return file.map(FileChannel.MapMode.READ_WRITE, 0, size);
            }
        } catch (IOException e) {
            throw new CapacityException(
                    "no scratch file of " + size + " bytes in " + folder + " (" + usable() + " bytes left there): "
                            + e.getMessage(),
                    e);
        }
    }

    private static void fill(FileChannel file, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, ZEROS));
        for (long left = size; left > 0; ) {
            zeros.position(0).limit((int) Math.min(left, zeros.capacity()));
            left -= file.write(zeros);
        }
    }

    private long usable() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean unlink(Path path) {
        try {
            Files.delete(path);
            return true;
        } catch (IOException e) {
            // Windows does not delete what is open.
            return false;
        }
    }

    /** Deletes the files that could not be unlinked before; what is mapped must not be used any more. */
    @Override
    public synchronized void close() throws IOException {
        IOException failure = null;
        for (Path path : leftBehind) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // Where a mapped file cannot be deleted the virtual machine does it when it ends.
                path.toFile().deleteOnExit();
                failure = e;
            }
        }
        leftBehind.clear();
        if (failure != null && System.getProperty("os.name", "").startsWith("Linux")) {
            throw failure;
        }
    }
}

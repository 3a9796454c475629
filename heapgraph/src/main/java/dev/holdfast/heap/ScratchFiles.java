package dev.holdfast.heap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps scratch files in one folder, all of whose bytes are on the disk before any is used.
 *
 * <p>A file that is merely made long takes its blocks when its pages are first touched, and a full disk then is a fault in
 * the middle of a kernel that ends the process; so zeros are written first (0.3 s a gigabyte, of which the faults later
 * save a part), and a full disk is an exception here. A file is unlinked before it is written, where the system allows
 * that, so that not even a killed process leaves one behind; else at {@link #close}. Thread-safe.
 */
final class ScratchFiles implements Closeable {
    private static final int ZEROS = 1 << 20;

    private final Path folder;
    private final List<Path> leftBehind = new ArrayList<>();

    /** Files in the folder, which must exist. */
    ScratchFiles(Path folder) {
        this.folder = folder;
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

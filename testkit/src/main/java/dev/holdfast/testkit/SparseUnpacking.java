package dev.holdfast.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks xz files so that runs of zeros take no room: gdb's cores are 1.2 GB of which 97 % are reserved address space.
 *
 * <p>The result's folder is named by the packed bytes and appears by an atomic rename, so it is complete when it is there,
 * and test runs may share it at the same time.
 */
final class SparseUnpacking {
    private static final int BLOCK = 4096;

    private SparseUnpacking() {}

    static Path unpack(GoFixtures.Folder folder, String file) throws IOException {
        byte[] packed;
        try (InputStream in = folder.open(file + ".xz")) {
            packed = in.readAllBytes();
        }
        CRC32 sum = new CRC32();
        sum.update(packed);
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "holdfast-fixtures")
                .resolve(String.format("%08x-%d", sum.getValue(), packed.length));
        Path target = cache.resolve(file);
        if (Files.exists(target)) {
            return target;
        }
        Files.createDirectories(cache);
        Path partial = Files.createTempFile(cache, file, ".partial");
        try {
            write(packed, partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            // Another run was faster.
            return target;
        } finally {
            Files.deleteIfExists(partial);
        }
        return target;
    }

    private static void write(byte[] packed, Path target) throws IOException {
        byte[] block = new byte[BLOCK];
        byte[] zeros = new byte[BLOCK];
        long length = 0;
        try (InputStream in = new XZInputStream(new ByteArrayInputStream(packed));
                RandomAccessFile out = new RandomAccessFile(target.toFile(), "rw")) {
            int n;
            while ((n = in.readNBytes(block, 0, BLOCK)) > 0) {
                if (!Arrays.equals(block, 0, n, zeros, 0, n)) {
                    out.seek(length);
                    out.write(block, 0, n);
                }
                length += n;
            }
            out.setLength(length);
        }
    }
}

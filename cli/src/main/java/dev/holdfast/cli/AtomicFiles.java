package dev.holdfast.cli;

import dev.holdfast.report.PartFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file so that its readers see the old one or the whole new one, and a failure leaves the old one. */
final class AtomicFiles {
    private AtomicFiles() {}

    /** What is written to a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Replaces a file; its folder is created where it is absent. */
    static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw new IOException(file + ": is a folder");
        }
        Files.createDirectories(folder);
        // Not createTempFile: its files are readable by their owner only, and so would be the profiles.
        Path part = PartFiles.of(target, 0);
        PartFiles.removeAbandoned(target);
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                content.writeTo(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}

package dev.holdfast.cli;

import dev.holdfast.heap.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what a command puts out: the whole file or none, in a folder that is made if need be. */
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
        WholeFile.write(target, part -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                content.writeTo(out);
            }
        });
    }
}

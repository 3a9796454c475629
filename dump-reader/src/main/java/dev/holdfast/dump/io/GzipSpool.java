package dev.holdfast.dump.io;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a gzip file into a scratch file, because the state of an inflater cannot be kept and so the stream has no
 * random access. Takes all members and, of a truncated or damaged one, what came before the damage.
 */
final class GzipSpool {
    private static final int BUFFER = 1 << 20;
    /** Space that is left free on the disk, so that a bomb or a huge dump does not fill it. */
    private static final long KEEP_FREE = 256L << 20;

    private GzipSpool() {}

    static FileSource unpack(FileSource file, @Nullable Path workDir, Warnings warnings, Progress progress)
            throws IOException {
        progress.phase("unpacking gzip", file.size());
        Path scratch = workDir == null
                ? Files.createTempFile("holdfast-", ".unpacked")
                : Files.createTempFile(workDir, "holdfast-", ".unpacked");
        try {
            try (OutputStream out = Files.newOutputStream(scratch)) {
                inflate(file, scratch, out, warnings, progress);
            }
            return FileSource.openScratch(scratch, file.name());
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(scratch);
            throw e;
        }
    }

    private static void inflate(FileSource file, Path scratch, OutputStream out, Warnings warnings, Progress progress)
            throws IOException {
        byte[] input = new byte[BUFFER];
        byte[] output = new byte[BUFFER];
        long memberStart = 0;
        long written = 0;
        long checkAt = 0;
        Inflater inflater = new Inflater(true);
        try {
            while (memberStart < file.size()) {
                int n = file.read(memberStart, input, 0, input.length);
                GzipHeader header = GzipHeader.parse(input, 0, n);
                if (header == null) {
                    warnings.loss(
                            "gzip-trailing",
                            written,
                            "bytes after a gzip member are not a gzip member and were ignored",
                            file.size() - memberStart);
                    return;
                }
                inflater.reset();
                inflater.setInput(input, header.length(), n - header.length());
                long position = memberStart + n;
                while (!inflater.finished()) {
                    progress.check();
                    int produced = inflater.inflate(output);
                    out.write(output, 0, produced);
                    written += produced;
                    if (written >= checkAt) {
                        requireSpace(scratch, file);
                        checkAt = written + KEEP_FREE / 4;
                    }
                    if (produced == 0 && inflater.needsInput()) {
                        n = file.read(position, input, 0, input.length);
                        if (n <= 0) {
                            warnings.loss("gzip-truncated", written, "the gzip stream ends within a member", 1);
                            return;
                        }
                        inflater.setInput(input, 0, n);
                        position += n;
                        progress.advance(position);
                    } else if (produced == 0 && inflater.needsDictionary()) {
                        throw new DataFormatException("needs a dictionary");
                    }
                }
                memberStart += header.length() + inflater.getBytesRead() + 8;
            }
        } catch (DataFormatException e) {
            warnings.loss("gzip-damaged", written, "the gzip stream is damaged: " + e.getMessage(), 1);
        } finally {
            inflater.end();
        }
    }

    private static void requireSpace(Path scratch, FileSource file) throws IOException {
        long free = Files.getFileStore(scratch).getUsableSpace();
        if (free < KEEP_FREE) {
            throw new InsufficientResourcesException(file.name()
                    + ": unpacking needs more disk than is free in "
                    + scratch.toAbsolutePath().getParent()
                    + " (" + (free >> 20) + " MiB left); name another folder with --work-dir");
        }
    }
}

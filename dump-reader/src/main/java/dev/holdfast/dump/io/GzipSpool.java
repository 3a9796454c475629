package dev.holdfast.dump.io;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    static FileSource unpack(FileSource file, @Nullable Path workDir, GzipDamage damage, Progress progress)
            throws IOException {
        progress.phase("unpacking gzip", file.size());
        Path scratch = workDir == null
                ? Files.createTempFile("holdfast-", ".unpacked")
                : Files.createTempFile(workDir, "holdfast-", ".unpacked");
        FileChannel channel = null;
        try {
            // Linux unlinks the file as soon as it is open, so that not even a killed process leaves it behind.
            channel = FileChannel.open(
                    scratch, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            inflate(file, scratch, Channels.newOutputStream(channel), damage, progress);
            return FileSource.ofScratch(channel, file.name());
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(scratch);
            throw e;
        }
    }

    private static void inflate(FileSource file, Path scratch, OutputStream out, GzipDamage damage, Progress progress)
            throws IOException {
        byte[] output = new byte[BUFFER];
        long written = 0;
        long checkAt = 0;
        long start = 0;
        try (GzipDecoder decoder = new GzipDecoder(file, file.size(), (int) Math.min(file.size(), BUFFER))) {
            while (start < file.size() && decoder.start(start)) {
                int n;
                while ((n = decoder.read(output, 0, output.length)) > 0) {
                    progress.check();
                    out.write(output, 0, n);
                    written += n;
                    if (written >= checkAt) {
                        requireSpace(scratch, file);
                        checkAt = written + KEEP_FREE / 4;
                    }
                    progress.advance(decoder.position());
                }
                GzipProblem problem = decoder.problem();
                if (problem != null) {
                    damage.report(problem, start, 1);
                }
                start = decoder.position();
                if (!decoder.ended()) {
                    break;
                }
                progress.check();
            }
            damage.unread(start, file.size());
        }
    }

    private static void requireSpace(Path scratch, FileSource file) throws IOException {
        Path folder = scratch.toAbsolutePath().getParent();
        long free = folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
        if (free < KEEP_FREE) {
            throw new InsufficientResourcesException(file.name()
                    + ": unpacking needs more disk than is free in "
                    + folder
                    + " (" + (free >> 20) + " MiB left); name another folder with --work-dir");
        }
    }
}

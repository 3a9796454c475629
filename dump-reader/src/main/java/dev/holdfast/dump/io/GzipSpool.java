package dev.holdfast.dump.io;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ScratchFolder;
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
    static final long KEEP_FREE = 256L << 20;

    private GzipSpool() {}

    static FileSource unpack(FileSource file, @Nullable Path workDir, GzipDamage damage, Progress progress)
            throws IOException {
        progress.phase("unpacking gzip", file.size());
        Path folder = ScratchFolder.of(workDir);
        FileChannel channel = scratch(folder);
        try {
            inflate(file, folder, Channels.newOutputStream(channel), damage, progress);
            return FileSource.ofScratch(channel, file.name());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A new file that is deleted when it is closed. */
    static FileChannel scratch(Path folder) throws IOException {
        Path scratch = Files.createTempFile(folder, "holdfast-", ".unpacked");
        try {
            // Linux unlinks the file as soon as it is open, so that not even a killed process leaves it behind.
            return FileChannel.open(
                    scratch, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(scratch);
            throw e;
        }
    }

    private static void inflate(FileSource file, Path folder, OutputStream out, GzipDamage damage, Progress progress)
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
                        requireSpace(folder, file);
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

    private static void requireSpace(Path folder, FileSource file) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < KEEP_FREE) {
            throw new InsufficientResourcesException(file.name()
                    + ": unpacking needs more disk than is free in "
                    + folder
                    + " (" + (free >> 20) + " MiB left); name another folder with --work-dir");
        }
    }
}

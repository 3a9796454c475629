package dev.holdfast.heap;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes an output so that its readers see the old file or the whole new one, and a failure leaves the old one. Stateless.
 *
 * <p>What is not whole yet lies beside it as {@code NAME.PROCESS.NUMBER.part}. A process that was killed leaves one behind;
 * the next one that writes the same output removes it.
 */
public final class WholeFile {
    /** Nobody writes a part for so long without changing it; processes of other containers have numbers of their own. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    /** Files of one name that one process writes at the same time. */
    private static final int MOST_AT_ONCE = 100;

    private WholeFile() {}

    /** What is written to a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes it to a file, which is there and empty. */
        void writeTo(Path part) throws IOException;
    }

    /**
     * Replaces a file; its folder must be there.
     *
     * @throws IOException if it is a folder or cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException(file + ": is a folder");
        }
        removeAbandoned(target, folder);
        Path part = create(target);
        try {
            content.writeTo(part);
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Not {@code createTempFile}: its files are readable by their owner only, and stay so under their new name. */
    private static Path create(Path target) throws IOException {
        String name = target.getFileName() + "." + ProcessHandle.current().pid() + ".";
        for (int number = 0; ; number++) {
            try {
                return Files.createFile(target.resolveSibling(name + number + ".part"));
            } catch (FileAlreadyExistsException e) {
                if (number == MOST_AT_ONCE) {
                    throw e;
                }
            }
        }
    }

    /** Removes what processes that are no more left of an output, if that can be done. */
    private static void removeAbandoned(Path output, Path folder) {
        Pattern name = Pattern.compile(
                Pattern.quote(String.valueOf(output.getFileName())) + "\\.([0-9]{1,10})\\.[0-9]+\\.part");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.part")) {
            for (Path file : files) {
                Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches() && abandoned(file, Long.parseLong(matcher.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It costs a little disk; the output itself is what matters.
            return;
        }
    }

    private static boolean abandoned(Path part, long process) throws IOException {
        Instant changed = Files.getLastModifiedTime(part).toInstant();
        return ProcessHandle.of(process).isEmpty()
                && changed.isBefore(Instant.now().minus(ABANDONED));
    }
}

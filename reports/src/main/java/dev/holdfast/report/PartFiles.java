package dev.holdfast.report;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files beside an output that hold it until it is whole and takes its name: {@code NAME.PROCESS.NUMBER.part}. A process
 * that was killed leaves one behind; the next one that writes the same output removes it. Stateless.
 */
public final class PartFiles {
    /** Nobody writes a part for so long without changing it; processes of other containers have numbers of their own. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private PartFiles() {}

    /** The part of an output for this process; a number is for outputs that are written at the same time. */
    public static Path of(Path output, int number) {
        return output.resolveSibling(
                output.getFileName() + "." + ProcessHandle.current().pid() + "." + number + ".part");
    }

    /** Removes what processes that are no more left of an output, if that can be done. */
    public static void removeAbandoned(Path output) {
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
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

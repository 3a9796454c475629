package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A core of the program {@code planted} in one of its modes, with what it knew.
 *
 * @param mode what was planted
 * @param core its core
 * @param executable the program
 * @param objects how many objects it planted
 * @param bytes how many bytes those take
 */
public record GoLeak(String mode, Path core, Path executable, long objects, long bytes) {
    /** The modes of which there is a core in the project. */
    public static final List<String> MODES = List.of("sessions", "senders", "slice", "ballast", "timers", "pool");

    /** One in the project, of Go 1.27.4. */
    public static GoLeak committed(String mode) {
        GoFixtures.Folder folder = GoFixtures.resources("planted-1.27.4");
        try {
            return of(
                    mode,
                    SparseUnpacking.unpack(folder, mode + ".core"),
                    SparseUnpacking.unpack(folder, "planted.exe"),
                    folder.json(mode + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that was just made. */
    static GoLeak of(String mode, LiveGo.Dump dump) {
        return of(
                mode,
                dump.core(),
                dump.executable(),
                GoFixtures.files(dump.folder()).json("truth.json"));
    }

    private static GoLeak of(String mode, Path core, Path executable, JsonRow truth) {
        return new GoLeak(mode, core, executable, truth.number("objects"), truth.number("bytes"));
    }

    @Override
    public String toString() {
        return mode;
    }
}

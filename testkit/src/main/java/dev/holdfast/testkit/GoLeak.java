package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
        try (InputStream truth = folder.open(mode + ".json")) {
            return of(
                    mode,
                    SparseUnpacking.unpack(folder, mode + ".core"),
                    SparseUnpacking.unpack(folder, "planted.exe"),
                    new String(truth.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that was just made. */
    static GoLeak of(String mode, LiveGo.Dump dump) {
        try {
            String truth = Files.readString(dump.folder().resolve("truth.json"));
            return of(mode, dump.core(), dump.executable(), truth);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoLeak of(String mode, Path core, Path executable, String truth) throws IOException {
        Map<?, ?> values = (Map<?, ?>) Objects.requireNonNull(JsonText.parse(truth));
        return new GoLeak(mode, core, executable, number(values, "objects"), number(values, "bytes"));
    }

    private static long number(Map<?, ?> values, String name) {
        return ((Number) Objects.requireNonNull(values.get(name))).longValue();
    }

    @Override
    public String toString() {
        return mode;
    }
}

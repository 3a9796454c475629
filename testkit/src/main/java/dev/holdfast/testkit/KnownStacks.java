package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A core of the program {@code stacks}, whose frames have known sizes, with what the program and its code say of them. */
public final class KnownStacks {
    /** One of the oldest releases that are read and one of the newest. */
    private static final List<String> COMMITTED = List.of("1.18.10", "1.27.4");

    private static final Pattern GOROUTINE = Pattern.compile("^goroutine \\d+ ", Pattern.MULTILINE);

    private final String name;
    private final Path core;
    private final Path executable;
    private final GoFixtures.Folder written;
    private final Map<String, Long> frameBytes;

    /**
     * What the program says of one of its functions.
     *
     * @param function as the runtime names it
     * @param frames how many there are of it on all stacks
     * @param atLeast bytes in each
     * @param inlined whether it was inlined into the frame that holds the bytes
     */
    public record Frame(String function, long frames, long atLeast, boolean inlined) {}

    KnownStacks(String name, Path core, Path executable, GoFixtures.Folder written, Map<String, Long> frameBytes) {
        this.name = name;
        this.core = core;
        this.executable = executable;
        this.written = written;
        this.frameBytes = new TreeMap<>(frameBytes);
    }

    /** Those in the project. */
    public static List<KnownStacks> committed() {
        return COMMITTED.stream().map(KnownStacks::committed).toList();
    }

    private static KnownStacks committed(String version) {
        GoFixtures.Folder folder = GoFixtures.resources("stacks-" + version);
        try {
            return new KnownStacks(
                    version,
                    SparseUnpacking.unpack(folder, "stacks.core"),
                    SparseUnpacking.unpack(folder, "stacks.exe"),
                    folder,
                    GoPrologues.frameBytes(text(folder, "prologues.txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The core dump. */
    public Path core() {
        return core;
    }

    /** The program it was taken of. */
    public Path executable() {
        return executable;
    }

    /** The functions whose frames hold arrays of known sizes. */
    public List<Frame> frames() {
        List<?> rows =
                (List<?>) Objects.requireNonNull(json(written, "truth.json").get("frames"));
        return rows.stream()
                .map(KnownStacks::object)
                .map(row -> new Frame(
                        (String) Objects.requireNonNull(row.get("function")),
                        number(row.get("frames")),
                        number(row.get("at_least")),
                        Boolean.TRUE.equals(row.get("inlined"))))
                .toList();
    }

    /** Goroutines that the runtime shows to users. */
    public long goroutines() {
        long later = number(json(written, "truth.json").get("started_later"));
        return GOROUTINE.matcher(text(written, "goroutines.txt")).results().count() + later;
    }

    /** {@code /memory/classes/heap/stacks:bytes} as the program read it last. */
    public long stacks() {
        return number(json(written, "figures.json").get("stacks"));
    }

    /** {@code /memory/classes/os-stacks:bytes} as the program read it last. */
    public long osStacks() {
        return number(json(written, "figures.json").get("os_stacks"));
    }

    /** What the machine code of each function of the program takes of the stack, by the name that the linker knows it by. */
    public Map<String, Long> frameBytes() {
        return frameBytes;
    }

    private static Map<String, @Nullable Object> json(GoFixtures.Folder folder, String file) {
        try {
            return object(JsonText.parse(text(folder, file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(GoFixtures.Folder folder, String file) {
        try (InputStream in = folder.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(@Nullable Object value) {
        return value == null ? 0 : ((Number) value).longValue();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return name;
    }
}

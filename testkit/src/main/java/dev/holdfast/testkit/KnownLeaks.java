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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A core of the program {@code leaks}, of whose goroutines it is known which are leaked, with what the runtime says of them. */
public final class KnownLeaks {
    /** Before Go 1.26 what waits for a lock is only in tables. */
    private static final List<String> COMMITTED = List.of("1.21.13");

    /** Of a text of Go's leak profile: how many goroutines stand at the addresses that follow. */
    private static final Pattern PROFILED = Pattern.compile("^(\\d+) @ ", Pattern.MULTILINE);

    private static final Pattern PLANTED = Pattern.compile("\\smain\\.(leak|ring|live)\\w*");

    private final String name;
    private final Path core;
    private final Path executable;
    private final GoFixtures.Folder written;

    /**
     * What the program says of one of its functions.
     *
     * @param function as the runtime names it
     * @param count how many goroutines run it
     * @param leaked whether nothing can wake these
     * @param ring what they and others wait for one another by, or empty
     * @param bytes so much at least do they keep alive
     */
    public record Planted(String function, int count, boolean leaked, String ring, long bytes) {}

    KnownLeaks(String name, Path core, Path executable, GoFixtures.Folder written) {
        this.name = name;
        this.core = core;
        this.executable = executable;
        this.written = written;
    }

    /** Those in the project. */
    public static List<KnownLeaks> committed() {
        return COMMITTED.stream().map(KnownLeaks::committed).toList();
    }

    private static KnownLeaks committed(String version) {
        GoFixtures.Folder folder = GoFixtures.resources("leaks-" + version);
        try {
            return new KnownLeaks(
                    version,
                    SparseUnpacking.unpack(folder, "leaks.core"),
                    SparseUnpacking.unpack(folder, "leaks.exe"),
                    folder);
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

    /** What was planted. */
    public List<Planted> planted() {
        try {
            Map<String, @Nullable Object> truth = object(JsonText.parse(text("truth.json")));
            return ((List<?>) Objects.requireNonNull(truth.get("goroutines")))
                    .stream()
                            .map(KnownLeaks::object)
                            .map(row -> new Planted(
                                    (String) Objects.requireNonNull(row.get("function")),
                                    (int) number(row.get("count")),
                                    Boolean.TRUE.equals(row.get("leaked")),
                                    (String) Objects.requireNonNull(row.get("ring")),
                                    number(row.get("bytes"))))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the runtime judged its goroutines itself. */
    public boolean hasProfile() {
        return written.has("goroutineleak.txt");
    }

    /** How many goroutines of each planted function Go's own leak profile has. */
    public Map<String, Integer> profiled() {
        Map<String, Integer> counts = new TreeMap<>();
        try {
            for (String group : text("goroutineleak.txt").split("\n\n", -1)) {
                Matcher count = PROFILED.matcher(group);
                Matcher function = PLANTED.matcher(group);
                if (count.find()) {
                    String of = function.find() ? function.group().strip() : group;
                    counts.merge(of, Integer.parseInt(count.group(1)), Integer::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counts;
    }

    private String text(String file) throws IOException {
        try (InputStream in = written.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
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

package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
        return written.json("truth.json").rows("goroutines").stream()
                .map(row -> new Planted(
                        row.text("function"),
                        (int) row.number("count"),
                        row.is("leaked"),
                        row.text("ring"),
                        row.number("bytes")))
                .toList();
    }

    /** Whether the runtime judged its goroutines itself. */
    public boolean hasProfile() {
        return written.has("goroutineleak.txt");
    }

    /** How many goroutines of each planted function Go's own leak profile has. */
    public Map<String, Integer> profiled() {
        Map<String, Integer> counts = new TreeMap<>();
        for (String group : written.text("goroutineleak.txt").split("\n\n", -1)) {
            Matcher count = PROFILED.matcher(group);
            Matcher function = PLANTED.matcher(group);
            if (count.find()) {
                String of = function.find() ? function.group().strip() : group;
                counts.merge(of, Integer.parseInt(count.group(1)), Integer::sum);
            }
        }
        return counts;
    }

    @Override
    public String toString() {
        return name;
    }
}

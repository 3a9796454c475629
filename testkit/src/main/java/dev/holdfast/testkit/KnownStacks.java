package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
                    GoPrologues.frameBytes(folder.text("prologues.txt")));
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
        return written.json("truth.json").rows("frames").stream()
                .map(row -> new Frame(
                        row.text("function"), row.number("frames"), row.number("at_least"), row.is("inlined")))
                .toList();
    }

    /** Goroutines that the runtime shows to users. */
    public long goroutines() {
        long later = written.json("truth.json").number("started_later");
        return GOROUTINE.matcher(written.text("goroutines.txt")).results().count() + later;
    }

    /** {@code /memory/classes/heap/stacks:bytes} as the program read it last. */
    public long stacks() {
        return written.json("figures.json").number("stacks");
    }

    /** {@code /memory/classes/os-stacks:bytes} as the program read it last. */
    public long osStacks() {
        return written.json("figures.json").number("os_stacks");
    }

    /** What the machine code of each function of the program takes of the stack, by the name that the linker knows it by. */
    public Map<String, Long> frameBytes() {
        return frameBytes;
    }

    @Override
    public String toString() {
        return name;
    }
}

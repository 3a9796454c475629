package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A core of the fixture program with its executable and what the program knew about itself.
 *
 * <p>Files are unpacked on first use, sparsely, into a folder below the system's temporary one that all test runs share.
 */
public final class GoFixture {
    private final String name;
    private final GoFixtures.Folder folder;
    private final GoFixtures.Folder executableFolder;

    private final @Nullable Path core;
    private final @Nullable Path executable;

    GoFixture(String name, GoFixtures.Folder folder, GoFixtures.Folder executableFolder) {
        this(name, folder, executableFolder, null, null);
    }

    private GoFixture(
            String name,
            GoFixtures.Folder folder,
            GoFixtures.Folder executableFolder,
            @Nullable Path core,
            @Nullable Path executable) {
        this.name = name;
        this.folder = folder;
        this.executableFolder = executableFolder;
        this.core = core;
        this.executable = executable;
    }

    /** One that was just made: its files are not packed. */
    static GoFixture of(String name, Path core, Path executable, GoFixtures.Folder written) {
        return new GoFixture(name, written, written, core, executable);
    }

    /** Version, and variant if it is not the plain one: {@code 1.26.11-pie}. */
    public String name() {
        return name;
    }

    /** The core dump. */
    public Path core() {
        return core != null ? core : unpacked(folder, "leaky.core");
    }

    /** The program it was taken of. */
    public Path executable() {
        return executable != null ? executable : unpacked(executableFolder, "leaky.exe");
    }

    /** Whether the file is there, packed or not. */
    public boolean has(String file) {
        return folder.has(file) || folder.has(file + ".xz");
    }

    /** {@code heapdump} or {@code crash.txt}, unpacked. */
    public Path file(String packed) {
        return unpacked(folder, packed);
    }

    /** The bytes of {@code heap.pb.gz}, {@code goroutine.pb.gz}, {@code goroutines.txt} or {@code truth.json}. */
    public byte[] bytes(String file) {
        try (InputStream in = folder.open(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program knew about itself. */
    @SuppressWarnings("unchecked")
    public GoTruth truth() {
        try {
            Object json = JsonText.parse(new String(bytes("truth.json"), StandardCharsets.UTF_8));
            return new GoTruth((Map<String, @Nullable Object>) Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpacked(GoFixtures.Folder folder, String file) {
        try {
            return SparseUnpacking.unpack(folder, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An installed Go toolchain and gdb: builds a program of ours, runs it until it stops itself, and takes its core.
 *
 * <p>Programs lie in the resources below {@code go}. They get a folder as their only argument, write there what they know
 * about themselves, and send themselves SIGSTOP.
 */
public final class LiveGo {
    /** Why a test skips that needs this. */
    public static final String REASON = "needs go and gdb's gcore on the PATH, on Linux";

    /** The program of the fixtures, without what needs C. */
    private static final List<String> LEAKY =
            List.of("main.go", "build_go117.go", "build_go118.go", "build_go124.go", "vault/vault.go");

    /** Newer ones share no loop variables between rounds. */
    private static final String LANGUAGE = "1.18";

    private static final long TIMEOUT_SECONDS = 180;
    private static final long POLL_MILLIS = 5;

    private final Path go;
    private final Path gcore;
    private final String toolchain;
    private final String experiment;

    private LiveGo(Path go, Path gcore, String toolchain) {
        this(go, gcore, toolchain, "");
    }

    private LiveGo(Path go, Path gcore, String toolchain, String experiment) {
        this.go = go;
        this.gcore = gcore;
        this.toolchain = toolchain;
        this.experiment = experiment;
    }

    /**
     * A dumped program.
     *
     * @param core its core
     * @param executable the program
     * @param folder what it wrote
     */
    public record Dump(Path core, Path executable, Path folder) {}

    /** What is installed, if both are. */
    public static Optional<LiveGo> installed() {
        Optional<Path> go = onPath("go");
        Optional<Path> gcore = onPath("gcore");
        return go.isPresent() && gcore.isPresent() && Files.isDirectory(Path.of("/proc/self"))
                ? Optional.of(new LiveGo(go.get(), gcore.get(), "local"))
                : Optional.empty();
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv("PATH");
        return Stream.of(path == null ? new String[0] : path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Another release, such as {@code 1.21.13}, which the installed one fetches through the module proxy. */
    public LiveGo release(String version) {
        return new LiveGo(go, gcore, "go" + version);
    }

    /**
     * Builds, runs and dumps a program in an empty folder.
     *
     * @param arguments of the program, after the folder to write to
     */
    public Dump dump(String program, Path folder, String... arguments) {
        List<String> all = new ArrayList<>(List.of(folder.resolve("written").toString()));
        all.addAll(List.of(arguments));
        return dump(program, List.of("main.go"), List.of(), folder, all);
    }

    /** The program {@code stacks}, in a mode that its source names, or none. */
    public KnownStacks knownStacks(Path folder, String mode) {
        List<String> arguments =
                new ArrayList<>(List.of(folder.resolve("written").toString()));
        if (!mode.isEmpty()) {
            arguments.add(mode);
        }
        Dump dump = dump("stacks", List.of("main.go"), List.of(), folder, arguments);
        return new KnownStacks(
                (toolchain + " " + mode).strip(),
                dump.core(),
                dump.executable(),
                GoFixtures.files(dump.folder()),
                frameBytes(dump, folder));
    }

    /**
     * The program {@code leaks}.
     *
     * @param experiment of the toolchain, or none
     * @param mode one that its source names, or none
     */
    public KnownLeaks knownLeaks(Path folder, String experiment, String mode) {
        List<String> arguments =
                new ArrayList<>(List.of(folder.resolve("written").toString()));
        if (!mode.isEmpty()) {
            arguments.add(mode);
        }
        LiveGo built = new LiveGo(go, gcore, toolchain, experiment);
        Dump dump = built.dump("leaks", List.of("main.go"), List.of(), folder, arguments);
        return new KnownLeaks(
                (toolchain + " " + experiment + " " + mode).strip(),
                dump.core(),
                dump.executable(),
                GoFixtures.files(dump.folder()));
    }

    /** The program {@code planted} in one of its modes. */
    public GoLeak leak(Path folder, String mode) {
        String written = folder.resolve("written").toString();
        return GoLeak.of(mode, dump("planted", List.of("main.go"), List.of(), folder, List.of(written, mode)));
    }

    /** The program {@code crowd}, with one frame larger or not. */
    public Dump crowd(Path folder, boolean larger) {
        List<String> tags = larger ? List.of("larger") : List.of();
        List<String> files = List.of("main.go", "frame.go", "frame_larger.go");
        return dump(
                "crowd", files, tags, folder, List.of(folder.resolve("written").toString()));
    }

    /** What the machine code of each function of package main takes of the stack, by the name that the linker knows it by. */
    public Map<String, Long> frameBytes(Dump dump, Path folder) {
        return GoPrologues.frameBytes(
                tool(folder, "objdump", "-s", "^main\\.", dump.executable().toString()));
    }

    /** What {@code go tool} prints. */
    public String tool(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(go.toString(), "tool"));
        command.addAll(List.of(arguments));
        try {
            run(folder, command.toArray(String[]::new));
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the program of the fixtures, as the installed release builds it. */
    public GoFixture fixture(Path folder) {
        Path written = folder.resolve("written");
        Dump dump = dump("leaky", LEAKY, List.of(), folder, List.of("-out", written.toString()));
        return GoFixture.of("installed release", dump.core(), dump.executable(), GoFixtures.files(written));
    }

    private Dump dump(String program, List<String> files, List<String> tags, Path folder, List<String> arguments) {
        try {
            Path source = folder.resolve("source");
            for (String file : files) {
                try (InputStream in = LiveGo.class.getResourceAsStream("go/" + program + "/" + file)) {
                    if (in == null) {
                        throw new IllegalArgumentException("no file " + file + " of " + program);
                    }
                    Path target = source.resolve(file);
                    Files.createDirectories(target.resolve(".."));
                    Files.copy(in, target.normalize());
                }
            }
            Files.writeString(source.resolve("go.mod"), "module " + program + "\n\ngo " + LANGUAGE + "\n");
            Path executable = folder.resolve(program);
            String tagged = "-tags=" + String.join(",", tags);
            run(source, go.toString(), "build", "-trimpath", tagged, "-o", executable.toString(), ".");
            return dump(executable, folder, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Dump dump(Path executable, Path folder, List<String> arguments) throws IOException {
        Path written = Files.createDirectories(folder.resolve("written"));
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(arguments);
        Process process = start(folder, command.toArray(String[]::new));
        try {
            awaitStop(process, folder);
            run(folder, gcore.toString(), "-o", folder.resolve("core").toString(), Long.toString(process.pid()));
            return new Dump(folder.resolve("core." + process.pid()), executable, written);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitStop(Process process, Path folder) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        try {
            while (System.nanoTime() < deadline && !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (stopped(status)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("the program did not stop: " + Files.readString(folder.resolve("log")));
    }

    private static boolean stopped(Path status) {
        try {
            return Files.readString(status).contains("State:\tT");
        } catch (IOException e) {
            // It has ended.
            return false;
        }
    }

    private void run(Path folder, String... command) throws IOException {
        Process process = start(folder, command);
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + ": " + Files.readString(folder.resolve("log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Path folder, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        // The installed release, or the one that was asked for, whatever the user's settings say.
        builder.environment().put("GOTOOLCHAIN", toolchain);
        builder.environment().put("PPROF_TMPDIR", folder.toString());
        builder.environment().put("GOFLAGS", "");
        builder.environment().put("CGO_ENABLED", "0");
        builder.environment().put("GOEXPERIMENT", experiment);
        builder.environment().remove("GODEBUG");
        return builder.start();
    }
}

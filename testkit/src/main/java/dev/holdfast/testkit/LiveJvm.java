package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An installed JDK that can run a {@link Scenario} in a process of its own and dump it. */
public final class LiveJvm {
    static final String DUMP = ".hprof";
    static final String BEFORE = ".before.txt";
    static final String AFTER = ".after.txt";

    private static final long TIMEOUT_SECONDS = 180;
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+)[^\"]*\"");

    private final Path home;
    private final int feature;

    private LiveJvm(Path home, int feature) {
        this.home = home;
        this.feature = feature;
    }

    /** A dump and the JVM's histograms just before and just after it. */
    public record Dump(Path file, JvmHistogram before, JvmHistogram after) {
        /**
         * The classes whose number of objects and bytes did not change around the dump, and hence are those in it, with two exceptions:
         * {@code java.lang.Class}, whose instances are not dumped as such, and {@code int[]} where it includes GC fillers, which came and went.
         * Fillers are counted as {@code int[]}, as they are dumped.
         */
        public Map<String, JvmHistogram.Row> settled() {
            return before.asDumped().equalIn(after.asDumped());
        }
    }

    /** The JVM that runs this code. */
    public static LiveJvm current() {
        return new LiveJvm(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /**
     * An installed JDK of this feature release: the running one, one named by {@code JAVA<n>_HOME}, {@code JAVA_HOME_<n>_X64} or {@code JAVA_HOME}, or
     * one at a usual place.
     */
    public static Optional<LiveJvm> ofFeature(int feature) {
        if (Runtime.version().feature() == feature) {
            return Optional.of(current());
        }
        return candidates(feature).stream()
                .map(LiveJvm::at)
                .flatMap(Optional::stream)
                .filter(jvm -> jvm.feature == feature)
                .findFirst();
    }

    /** The JDK at this home, if there is one. */
    public static Optional<LiveJvm> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(executable(home))) {
            return Optional.empty();
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find()
                    ? Optional.of(new LiveJvm(home, Integer.parseInt(version.group(1))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public Path home() {
        return home;
    }

    /** The feature release: 17, 21, 25. */
    public int feature() {
        return feature;
    }

    /** True if the JVM starts with these options, such as one that only later releases or other builds know. */
    public boolean accepts(String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(executable(home).toString()));
        command.addAll(List.of(jvmOptions));
        command.add("-version");
        return run(command, Path.of(System.getProperty("java.io.tmpdir")), null) == 0;
    }

    /**
     * Runs the scenario and writes {@code name.hprof} and two histograms into the folder. {@code dumpArguments} are those of {@code jcmd GC.heap_dump}:
     * {@code -all} for unreachable objects too, {@code -gz=1}.
     */
    public Dump dump(
            Class<? extends Scenario> scenario,
            Path folder,
            String name,
            List<String> jvmOptions,
            String... dumpArguments) {
        Set<String> classPath = new LinkedHashSet<>(List.of(codeSource(LiveJvm.class), codeSource(scenario)));
        List<String> command = new ArrayList<>(List.of(executable(home).toString(), "-Xmx512m"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", String.join(System.getProperty("path.separator"), classPath)));
        command.addAll(List.of(ScenarioMain.class.getName(), scenario.getName(), folder.toString(), name));
        command.addAll(List.of(dumpArguments));
        Path log = folder.resolve(name + ".log");
        try {
            Files.deleteIfExists(folder.resolve(name + DUMP));
            int exit = run(command, folder, log);
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit + ": " + Files.readString(log));
            }
            return new Dump(
                    folder.resolve(name + DUMP),
                    JvmHistogram.parse(Files.readString(folder.resolve(name + BEFORE))),
                    JvmHistogram.parse(Files.readString(folder.resolve(name + AFTER))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@link PlantedLeaks}, which writes its dumps into the folder. */
    public void plantLeaks(Path folder) {
        List<String> command = List.of(
                executable(home).toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                codeSource(PlantedLeaks.class),
                PlantedLeaks.class.getName(),
                folder.toString());
        Path log = folder.resolve("leaks.log");
        int exit = run(command, folder, log);
        if (exit != 0) {
            try {
                throw new IllegalStateException(command + " ended with " + exit + ": " + Files.readString(log));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String toString() {
        return "JDK " + feature + " at " + home;
    }

    private static int run(List<String> command, Path folder, @Nullable Path log) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(log.toFile()));
        try {
            Process process = builder.start();
            try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(command + " still ran after " + TIMEOUT_SECONDS + " s");
                }
                return process.exitValue();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String codeSource(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path executable(Path home) {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        return home.resolve("bin").resolve(windows ? "java.exe" : "java");
    }

    private static List<Path> candidates(int feature) {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of("JAVA" + feature + "_HOME", "JAVA_HOME_" + feature + "_X64", "JAVA_HOME")) {
            Optional.ofNullable(System.getenv(variable)).map(Path::of).ifPresent(homes::add);
        }
        Path user = Path.of(System.getProperty("user.home"));
        for (Path parent : List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                user.resolve(".sdkman/candidates/java"),
                user.resolve(".jdks"))) {
            for (Path child : children(parent)) {
                homes.add(child);
                homes.add(child.resolve("Contents/Home"));
            }
        }
        return homes;
    }

    /** The folder's entries, none if it cannot be read: it holds no JDK for us then. */
    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}

package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a fuzzer with Jazzer in a JVM of its own, guided by coverage. Inputs that reach something new are kept from run to run. Jazzer has to be
 * on the class path, which the Maven profile {@code fuzz} sees to.
 */
public final class Jazzer {
    /** Says how many seconds each fuzzer runs; without it they are not run. */
    public static final String SECONDS = "holdfast.fuzz.seconds";

    /** A part of the name of the fuzzers that are run; without it all are. */
    public static final String TARGET = "holdfast.fuzz.target";

    private static final int SLOW_SECONDS = 10;
    private static final int MOST_MEGABYTES = 1500;
    private static final int LAST_LINES = 40;
    private static final int MORE = 1 << 14;

    private Jazzer() {}

    /** Whether the fuzzer is to be run: in the profile, unless another was asked for. */
    public static boolean wants(FuzzTarget target) {
        return Integer.getInteger(SECONDS, 0) > 0 && target.name().contains(System.getProperty(TARGET, ""));
    }

    /**
     * Fuzzes for as many seconds as the profile says.
     *
     * @param folder what is kept; a finding's input lies in {@code findings}
     * @return what was found, with the end of the log, or the empty string
     */
    public static String run(FuzzTarget target, Path folder) throws IOException, InterruptedException {
        int seconds = Integer.getInteger(SECONDS, 0);
        String name = target.name().substring(target.name().lastIndexOf('.') + 1);
        Path own = folder.resolve(name);
        for (String part : List.of("corpus", "findings")) {
            Files.createDirectories(own.resolve(part));
        }
        target.writeSeeds(own.resolve("seeds"));
        // Longer seeds would be cut.
        int longest =
                target.seeds().stream().mapToInt(seed -> seed.length).max().orElse(0) + MORE;
        Path log = own.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dholdfast.root=" + System.getProperty("holdfast.root", ""),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.name(),
                        "--instrumentation_includes=dev.holdfast.dump.**:dev.holdfast.heap.**:dev.holdfast.roots.**:dev.holdfast.report.**",
                        "--trace=" + target.instrumentation(),
                        "--custom_hook_includes=dev.holdfast.none.**",
                        "--reproducer_path=" + own.resolve("findings"),
                        "--",
                        "-max_total_time=" + seconds,
                        "-timeout=" + SLOW_SECONDS,
                        "-rss_limit_mb=" + MOST_MEGABYTES,
                        "-max_len=" + longest,
                        "-print_final_stats=1",
                        "-artifact_prefix=" + own.resolve("findings") + "/",
                        own.resolve("corpus").toString(),
                        own.resolve("seeds").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(own.resolve("findings").toFile())
                .start();
        try {
            return process.waitFor() == 0 ? "" : name + " found something; see " + own + "\n" + last(log);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String last(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.filter(line -> !line.startsWith("INFO")).collect(Collectors.toList());
            int finding = 0;
            for (int i = 0; i < all.size(); i++) {
                if (finding == 0 && all.get(i).startsWith("==")) {
                    finding = i;
                }
            }
            return String.join("\n", all.subList(finding, Math.min(all.size(), finding + LAST_LINES)));
        }
    }
}

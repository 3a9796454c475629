package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Small Go programs that read executables with Go's own packages, built by the installed release. */
public final class GoOracle {
    /** Why a test skips that needs one. */
    public static final String REASON = "no Go on this machine, whose own reader is the oracle";

    private static final long TIMEOUT_MINUTES = 5;

    private GoOracle() {}

    /**
     * Builds a program of one file; empty where there is no Go.
     *
     * @param of the test, beside which the source lies as a resource
     * @param name of the source without {@code .go.txt}
     * @param folder where the program goes
     * @throws IllegalStateException with what the compiler says, if it refuses the program
     */
    public static Optional<Path> build(Class<?> of, String name, Path folder) throws InterruptedException {
        Path program = folder.resolve(name);
        Path source = folder.resolve(name + ".go");
        Path log = folder.resolve("log");
        try {
            try (InputStream in = of.getResourceAsStream(name + ".go.txt")) {
                Files.write(source, Objects.requireNonNull(in).readAllBytes());
            }
            ProcessBuilder builder = new ProcessBuilder("go", "build", "-o", program.toString(), source.toString());
            builder.environment().put("GO111MODULE", "off");
            if (!builder.environment().containsKey("HOME")) {
                builder.environment()
                        .putIfAbsent("GOCACHE", folder.resolve("cache").toString());
            }
            // As for the programs of LiveGo, so that the standard library is compiled once for all.
            builder.environment().put("CGO_ENABLED", "0");
            builder.environment().put("GOFLAGS", "");
            builder.environment().put("GOTOOLCHAIN", "local");
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            Process go;
            try {
                go = builder.start();
            } catch (IOException e) {
                return Optional.empty();
            }
            if (!go.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES) || go.exitValue() != 0) {
                go.destroyForcibly();
                throw new IllegalStateException("go build " + source + ": " + Files.readString(log));
            }
            return Optional.of(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

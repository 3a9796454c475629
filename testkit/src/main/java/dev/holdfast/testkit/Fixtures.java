package dev.holdfast.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the dumps that lie outside the project: the folder named by the system property {@code holdfast.fixtures}, else {@code shared/fixtures} in the
 * nearest parent of the working directory that has one. A test that needs them must skip, with {@link #REASON}, where they are absent.
 */
public final class Fixtures {
    /** Why a test that needs the fixtures was skipped. */
    public static final String REASON = "no shared/fixtures beside the project and no -Dholdfast.fixtures";

    private Fixtures() {}

    /** The folder that holds {@code java} and {@code go}. */
    public static Optional<Path> folder() {
        String named = System.getProperty("holdfast.fixtures");
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isDirectory);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path fixtures = at.resolve("shared").resolve("fixtures");
            if (Files.isDirectory(fixtures)) {
                return Optional.of(fixtures);
            }
        }
        return Optional.empty();
    }

    /** The folder of the Java heap dumps. */
    public static Optional<Path> java() {
        return folder().map(folder -> folder.resolve("java")).filter(Files::isDirectory);
    }
}

package dev.holdfast.testkit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Go core fixtures: a few lie in the project and are always there; all of them lie in {@code go} of the folder that
 * {@link Fixtures} finds. A test over {@link #shared()} must skip, with {@link Fixtures#REASON}, where that is empty.
 */
public final class GoFixtures {
    /** One for each way the runtime marks pointers since 1.18, and one that the kernel wrote. */
    private static final List<String> COMMITTED = List.of("1.18.10", "1.21.13", "1.23.12", "1.26.11", "1.26.11-kernel");

    /** These ran the executable of the plain fixture of their version. */
    private static final Set<String> BORROWED = Set.of("kernel", "memprofile1", "churn");

    private GoFixtures() {}

    /** Where the files of one fixture are. */
    interface Folder {
        boolean has(String file);

        InputStream open(String file) throws IOException;

        /** A file's text. */
        default String text(String file) {
            try (InputStream in = open(file)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The object that a file of JSON has. */
        default JsonRow json(String file) {
            try {
                return JsonRow.of(JsonText.parse(text(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Those in the project. */
    public static List<GoFixture> committed() {
        return COMMITTED.stream()
                .map(name -> new GoFixture(name, resources(name), resources(executableOf(name))))
                .toList();
    }

    /** All, by name; empty where the shared fixtures are absent. */
    public static List<GoFixture> shared() {
        Optional<Path> go =
                Fixtures.folder().map(folder -> folder.resolve("go")).filter(Files::isDirectory);
        if (go.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(go.get())) {
            return folders.filter(folder -> Files.exists(folder.resolve("leaky.core.xz")))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .map(name -> new GoFixture(
                            name, files(go.get().resolve(name)), files(go.get().resolve(executableOf(name)))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All there are: the shared ones, or without them those in the project. */
    public static List<GoFixture> available() {
        List<GoFixture> shared = shared();
        return shared.isEmpty() ? committed() : shared;
    }

    /** The fixture of that name: from the project, else the shared one; empty where neither is there. */
    public static Optional<GoFixture> named(String name) {
        return Stream.concat(committed().stream(), shared().stream())
                .filter(fixture -> fixture.name().equals(name))
                .findFirst();
    }

    private static String executableOf(String name) {
        int dash = name.indexOf('-');
        return dash > 0 && BORROWED.contains(name.substring(dash + 1)) ? name.substring(0, dash) : name;
    }

    /** Those of one fixture in the project. */
    static Folder resources(String name) {
        String prefix = "fixtures/go/" + name + "/";
        return new Folder() {
            @Override
            public boolean has(String file) {
                return GoFixtures.class.getResource(prefix + file) != null;
            }

            @Override
            public InputStream open(String file) throws IOException {
                InputStream in = GoFixtures.class.getResourceAsStream(prefix + file);
                if (in == null) {
                    throw new FileNotFoundException("resource " + prefix + file);
                }
                return in;
            }
        };
    }

    /** Files of a folder. */
    static Folder files(Path folder) {
        return new Folder() {
            @Override
            public boolean has(String file) {
                return Files.exists(folder.resolve(file));
            }

            @Override
            public InputStream open(String file) throws IOException {
                return Files.newInputStream(folder.resolve(file));
            }
        };
    }
}

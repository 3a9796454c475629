package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code holdfast}, with a Java and a Maven that only tell how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherScriptTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("holdfast");

    @TempDir
    private Path folder = Path.of("");

    /** What a run of the script gave: its exit code, and the lines of standard output and error together. */
    private record Run(int code, List<String> lines) {}

    @BeforeEach
    void layOutAProject() throws IOException {
        Files.createDirectories(folder.resolve("home/cli/target"));
        Files.createDirectories(folder.resolve("home/cli/src/main/java"));
        Files.writeString(folder.resolve("home/pom.xml"), "");
        Files.copy(SCRIPT, folder.resolve("home/holdfast"));
        java("17.0.15");
        program("bin/mvn", "echo mvn; touch cli/target/holdfast.jar");
        builtAt(Instant.now().plusSeconds(3600));
    }

    private void java(String version) throws IOException {
        program("jdk/bin/java", "for a in \"$@\"; do echo \"<$a>\"; done");
        Files.writeString(
                folder.resolve("jdk/release"), "IMPLEMENTOR=\"Some One\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private void program(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void builtAt(Instant time) throws IOException {
        Path jar = folder.resolve("home/cli/target/holdfast.jar");
        if (!Files.exists(jar)) {
            Files.createFile(jar);
        }
        Files.setLastModifiedTime(jar, FileTime.from(time));
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        return run(folder.resolve("home/holdfast"), arguments);
    }

    private Run run(Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, ours) -> ours + path);
        builder.directory(folder.toFile()).redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), text.lines().toList());
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Run run = run("info", "my dump.hprof", "*", "--heap", "2g", "a\"b", "");

        assertThat(run.code()).isZero();
        assertThat(run.lines())
                .containsSubsequence(
                        "<-Xmx2g>", "<-jar>", "<info>", "<my dump.hprof>", "<*>", "<--heap>", "<2g>", "<a\"b>", "<>");
    }

    @Test
    void withoutHeapTheJvmGetsAShareOfTheMachine() throws Exception {
        assertThat(run("info").lines())
                .filteredOn(line -> line.matches("<-Xmx[1-9][0-9]*m>|<-XX:MaxRAMPercentage=70>"))
                .hasSize(1);
    }

    @Test
    void heapIsUnderstoodInBothSpellings() throws Exception {
        assertThat(run("info", "--heap=900m").lines()).contains("<-Xmx900m>");
        assertThat(run("info", "--heap", "900m").lines()).contains("<-Xmx900m>");
        assertThat(run("info", "--", "--heap=900m").lines()).doesNotContain("<-Xmx900m>");
    }

    @Test
    void aHeapThatIsNoSizeIsWrongUsage() throws Exception {
        for (String size : List.of("12x", "g", "-1", "0", "1.5g")) {
            Run run = run("info", "--heap", size);
            assertThat(run.code()).as(size).isEqualTo(2);
            assertThat(run.lines()).as(size).singleElement().asString().contains("'" + size + "'");
        }
    }

    @Test
    void worksThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("home/holdfast"));
        Path second = Files.createSymbolicLink(folder.resolve("bin/second"), first);

        assertThat(run(second, "info").lines())
                .contains("<" + folder.resolve("home").toRealPath() + "/cli/target/holdfast.jar>");
    }

    @Test
    void buildsOnFirstUseAndWhenSourcesChangedAndElseNot() throws Exception {
        Files.delete(folder.resolve("home/cli/target/holdfast.jar"));
        assertThat(run("info").lines()).first().asString().startsWith("holdfast: first use, building");

        builtAt(Instant.now().plusSeconds(3600));
        assertThat(run("info").lines()).noneMatch(line -> line.contains("building"));

        builtAt(Instant.EPOCH);
        Run changed = run("info");
        assertThat(changed.lines()).first().asString().startsWith("holdfast: the sources changed, building");
        assertThat(changed.lines()).doesNotContain("mvn");
    }

    @Test
    void aBuildThatFailsShowsWhyAndDoesNotRunTheOldProgram() throws Exception {
        builtAt(Instant.EPOCH);
        program("bin/mvn", "echo does not compile; exit 1");
        Run run = run("info");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines()).contains("does not compile", "holdfast: the build failed; see above");
        assertThat(run.lines()).doesNotContain("<info>");
    }

    @Test
    void anOldJavaIsRefusedByItsVersion() throws Exception {
        java("11.0.2");
        Run run = run("info");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines()).singleElement().asString().contains("is Java 11.0.2; install a JDK 17 or later");
    }

    @Test
    void aJavaThatCannotMakeAnArchiveIsNotAskedTwice() throws Exception {
        program("jdk/bin/java", "echo \"$*\" >>'" + folder.resolve("calls") + "'");
        for (String source : List.of("home/pom.xml", "home/cli/src/main/java", "home/cli/src/main")) {
            Files.setLastModifiedTime(folder.resolve(source), FileTime.from(Instant.EPOCH));
        }
        builtAt(Instant.now().minusSeconds(60));

        assertThat(run("info").code()).isZero();
        assertThat(run("info").code()).isZero();
        List<String> calls = Files.readAllLines(folder.resolve("calls"));
        assertThat(calls).filteredOn(call -> call.contains("-Xshare:dump")).hasSize(1);
        assertThat(calls).filteredOn(call -> call.endsWith("holdfast.jar info")).hasSize(2);
        assertThat(calls).noneMatch(call -> call.contains("-Xshare:auto") && call.contains("SharedArchiveFile"));
    }
}

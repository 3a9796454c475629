package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An index that is cut short, damaged, of another version or of another dump is refused, and never a bug or a hang. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DamagedIndexTest {
    private static final int FLIPS = Integer.getInteger("holdfast.indexFlips", 25);
    private static final int TABLE = 64;
    private static final int ENTRY = 32;

    private static final List<String> COMMANDS = List.of(
            "info",
            "histogram --unreachable",
            "histogram --retained",
            "dominators",
            "roots",
            "threads",
            "paths --type com.acme.Node --limit 3",
            "profile");

    @TempDir
    static Path folder;

    private static Path dump = Path.of("app.hprof");
    private static Path whole = Path.of("app.idx");
    private static byte[] bytes = new byte[0];

    /** A list of nodes, maps of them, a thread with a frame, garbage. */
    @BeforeAll
    static void make() throws IOException {
        HeapBuilder built = new HeapBuilder();
        FakeClass node = built.classNamed("com.acme.Node")
                .field("next", HprofType.OBJECT)
                .field("all", HprofType.OBJECT);
        List<FakeRef> nodes = new ArrayList<>();
        FakeInstance before = built.instance(node);
        for (int i = 0; i < 40; i++) {
            FakeInstance next = built.instance(node).set("next", before);
            nodes.add(next);
            before = next;
        }
        before.set("all", built.array(node, nodes.toArray(new FakeRef[0])));
        built.classNamed("com.acme.Shop").staticField("first", before);
        dump = folder.resolve("app.hprof");
        built.toFile(dump);
        whole = folder.resolve("app.idx");
        CommandRun.successful("roots", dump.toString(), "--save-index", whole.toString());
        bytes = Files.readAllBytes(whole);
    }

    private static ByteBuffer header(byte[] index) {
        return ByteBuffer.wrap(index).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static CommandRun run(String command, Path index, String... more) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ")));
        if (command.equals("profile")) {
            arguments.addAll(List.of("-o", folder.resolve("profiles").toString()));
        }
        arguments.addAll(List.of("--index", index.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(new String[0]));
    }

    private static Path damaged(byte[] content) throws IOException {
        // A name of its own each time: what is mapped must not be written to.
        Path file = Files.createTempFile(folder, "damaged", ".idx");
        return Files.write(file, content);
    }

    @Test
    void anIndexThatIsCutShortIsRefusedWhereverItIsCut() throws IOException {
        List<Integer> lengths = new ArrayList<>(List.of(0, 1, 8, 11, 12, 63, 4095, 4096, bytes.length - 1));
        for (int entry = 0; entry < header(bytes).getInt(12); entry++) {
            lengths.add((int) header(bytes).getLong(TABLE + entry * ENTRY + 8));
            lengths.add((int) header(bytes).getLong(TABLE + entry * ENTRY + 8) + 1);
        }
        for (int length : lengths) {
            CommandRun run = run("dominators", damaged(Arrays.copyOf(bytes, length)));
            assertThat(run.code()).as(length + " bytes: " + run.err()).isEqualTo(ExitCode.UNREADABLE.code());
            assertThat(run.err()).as(length + " bytes").contains("--save-index").hasLineCount(1);
        }
    }

    @Test
    void flippedBytesNeverGiveABugOrAHang() throws IOException {
        Random random = new Random(18);
        int sections = header(bytes).getInt(12);
        for (int i = 0; i < FLIPS; i++) {
            int entry = TABLE + random.nextInt(sections) * ENTRY;
            int offset = (int) header(bytes).getLong(entry + 8);
            int length = (int) header(bytes).getLong(entry + 16);
            if (length == 0) {
                continue;
            }
            byte[] content = bytes.clone();
            int at = offset + random.nextInt(length);
            content[at] ^= (byte) (1 << random.nextInt(8));
            if (random.nextBoolean()) {
                content[at] = (byte) random.nextInt();
            }
            Path index = damaged(content);
            for (String command : COMMANDS) {
                CommandRun run = run(command, index, "--stacktrace");
                assertThat(run.code())
                        .as(command + ", flip " + i + " at " + at + " in section "
                                + header(bytes).getInt(entry) + ": " + run.err())
                        .isIn(0, 2, 3, 4, 6);
            }
            if (!Arrays.equals(content, bytes)) {
                CommandRun strict = run("dominators", index, "--strict");
                assertThat(strict.code()).as("strict, flip at " + at).isEqualTo(ExitCode.UNREADABLE.code());
            }
            Files.delete(index);
        }
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        byte[] content = bytes.clone();
        content[8]++;
        CommandRun run = run("info", damaged(content));
        assertThat(run.code()).isEqualTo(ExitCode.UNREADABLE.code());
        assertThat(run.err()).contains("format version " + content[8]).contains("make it again with --save-index");
    }

    @Test
    void whatIsNoIndexIsRefused() {
        CommandRun run = run("info", dump);
        assertThat(run.code()).isEqualTo(ExitCode.UNREADABLE.code());
        assertThat(run.err()).contains("no index of holdfast");
    }

    @Test
    void anotherDumpIsRefused() throws IOException {
        byte[] content = Files.readAllBytes(dump);
        content[content.length / 2] ^= 1;
        Path other = Files.write(folder.resolve("other.hprof"), content);
        CommandRun run = run("info", whole, other.toString());
        assertThat(run.code()).isEqualTo(ExitCode.UNREADABLE.code());
        assertThat(run.err()).contains("another dump");
    }

    @Test
    void otherOptionsAreAUsageError() {
        for (String option : List.of("--mat", "--references=strong", "--layout=header=16", "--dump-number=2")) {
            CommandRun run = run("info", whole, option);
            assertThat(run.code()).as(option + run.err()).isEqualTo(ExitCode.USAGE.code());
            assertThat(run.err()).as(option).contains("the index");
        }
    }

    @Test
    void theDumpIsNeverWrittenOverAndNoFolderIsGuessed() {
        CommandRun over = CommandRun.of("info", dump.toString(), "--save-index", dump.toString());
        assertThat(over.code()).isEqualTo(ExitCode.USAGE.code());
        CommandRun nowhere = CommandRun.of(
                "info",
                dump.toString(),
                "--save-index",
                folder.resolve("no").resolve("x").toString());
        assertThat(nowhere.code()).isEqualTo(ExitCode.REFUSED.code());
        CommandRun both = CommandRun.of("info", "--index", whole.toString(), "--save-index", "x");
        assertThat(both.code()).isEqualTo(ExitCode.USAGE.code());
        CommandRun pipe = CommandRun.of("info", "--quick", "-", "--index", whole.toString());
        assertThat(pipe.code()).as(pipe.err()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("info", folder.resolve("absent")).code()).isEqualTo(ExitCode.UNREADABLE.code());
    }

    @Test
    void aFailedSaveLeavesTheOldIndexAndNothingElse() throws IOException {
        Path target = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(target.resolve("inside"), "");
        CommandRun run = CommandRun.of("info", dump.toString(), "--save-index", target.toString());
        assertThat(run.code()).as(run.err()).isNotZero().isNotEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }
}

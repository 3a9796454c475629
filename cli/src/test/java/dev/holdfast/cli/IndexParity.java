package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Compares what every command says of a dump with what it says of the dump's index, with and without the dump. */
final class IndexParity {
    /** What needs no single object of the dump, or only those that an index has. */
    private static final List<String> WITHOUT_DUMP = List.of(
            "info",
            "histogram --limit 0",
            "histogram --retained --limit 0",
            "histogram --unreachable",
            "histogram --all --retained",
            "dominators --limit 50",
            "dominators --limit 0",
            "roots --limit 0",
            "threads",
            "threads --frames",
            "memory");

    private final Path folder;
    private final Path index;
    private final List<String> dump;
    private final List<String> options;

    /**
     * Makes the index of a dump.
     *
     * @param dump the arguments that name the dump
     * @param options that shape the heap
     */
    IndexParity(Path folder, List<String> dump, List<String> options) {
        this.folder = folder;
        this.index = folder.resolve("heap.idx");
        this.dump = dump;
        this.options = options;
        CommandRun saved = run("roots", dump, List.of("--save-index", index.toString()));
        assertThat(saved.code()).as(saved.err()).isIn(0, 4);
        assertThat(index).isRegularFile();
    }

    Path index() {
        return index;
    }

    private CommandRun run(String command, List<String> files, List<String> more) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ")));
        arguments.addAll(files);
        arguments.addAll(options);
        arguments.addAll(more);
        return CommandRun.of(arguments.toArray(new String[0]));
    }

    /** Compares everything; every address of an object comes from the heap itself. */
    void check() throws IOException {
        List<String> commands = new ArrayList<>(WITHOUT_DUMP);
        List<String> withDump = new ArrayList<>(List.of("info --quick"));
        try (HeapSnapshot heap = Holdfast.reopen(index, null, readingOptions(), snapshotOptions())) {
            if (heap.dump().info().format().equals("go-core")) {
                withDump.add("threads --ghost-frames");
            }
            for (int object : heap.largestObjects(3)) {
                String address = "0x" + Long.toHexString(heap.graph().addressOf(object));
                commands.add("dominators --of " + address);
                withDump.add("object " + address);
                withDump.add("object --contents --limit 0 " + address);
                withDump.add("paths " + address);
                String type = heap.types().get(heap.graph().typeOf(object)).name();
                if (!type.contains(" ")) {
                    withDump.add("paths --type " + type + " --paths 2 --limit 3");
                }
            }
        }
        for (String command : commands) {
            compare(command, true);
        }
        for (String command : withDump) {
            compare(command, false);
        }
        // Counted in one pass it marks what only the graph can tell; the index alone gives the graph's figures.
        for (String form : List.of("", " --json")) {
            String all = "histogram --all" + form;
            CommandRun expected = run(all, dump, List.of());
            same(expected, run(all, dump, List.of("--index", index.toString())), all);
            assertThat(run(all, List.of(), List.of("--index", index.toString())).code())
                    .isEqualTo(0);
        }
        compareProfiles();
    }

    private DumpOptions readingOptions() {
        return DumpOptions.DEFAULT.withMat(options.contains("--mat"));
    }

    private SnapshotOptions snapshotOptions() {
        return options.contains("strong")
                ? SnapshotOptions.DEFAULT.withReferences(SnapshotOptions.References.STRONG)
                : SnapshotOptions.DEFAULT;
    }

    private void compare(String command, boolean alone) {
        for (List<String> form : List.of(List.<String>of(), List.of("--json"))) {
            CommandRun expected = run(command, dump, form);
            List<String> withIndex = new ArrayList<>(form);
            withIndex.addAll(List.of("--index", index.toString()));
            same(expected, run(command, dump, withIndex), command + " with the index and the dump");
            CommandRun withoutDump = run(command, List.of(), withIndex);
            String what = command + " with the index alone";
            if (!alone && withoutDump.code() == ExitCode.USAGE.code()) {
                assertThat(withoutDump.err()).as(what).containsAnyOf("name the dump too", "name DUMP too");
                continue;
            }
            String name = dump.get(0);
            same(
                    new CommandRun(expected.code(), expected.out().replace(name, "DUMP"), expected.err()),
                    new CommandRun(withoutDump.code(), withoutDump.out().replace(name, "DUMP"), withoutDump.err()),
                    what);
        }
    }

    private static void same(CommandRun expected, CommandRun actual, String what) {
        assertThat(actual.out()).as(what + ": " + actual.err()).isEqualTo(expected.out());
        assertThat(actual.code()).as(what + ": " + actual.err()).isEqualTo(expected.code());
    }

    private void compareProfiles() throws IOException {
        Map<String, byte[]> expected = profiles("dump", dump, List.of());
        assertThat(expected).isNotEmpty();
        for (List<String> files : List.of(dump, List.<String>of())) {
            Map<String, byte[]> actual =
                    profiles(files.isEmpty() ? "alone" : "both", files, List.of("--index", index.toString()));
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, bytes) ->
                    assertThat(actual.get(name)).as(name + " " + files).isEqualTo(bytes));
        }
    }

    private Map<String, byte[]> profiles(String name, List<String> files, List<String> more) throws IOException {
        Path out = folder.resolve(name);
        List<String> arguments = new ArrayList<>(more);
        arguments.addAll(List.of("-o", out.toString()));
        CommandRun run = run("profile", files, arguments);
        assertThat(run.code()).as("profile " + name + ": " + run.err()).isIn(0, 4);
        Map<String, byte[]> profiles = new TreeMap<>();
        try (Stream<Path> list = Files.list(out)) {
            list.forEach(file -> profiles.put(file.getFileName().toString(), unpacked(file)));
        }
        return profiles;
    }

    private static byte[] unpacked(Path file) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

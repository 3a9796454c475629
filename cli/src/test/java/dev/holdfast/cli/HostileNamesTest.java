package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a terminal, or a page that shows them, would take for commands. */
class HostileNamesTest {
    /** Sets a window's title, changes the colour in two ways, goes back to the line's start, begins a script. */
    private static final String EVIL = "\u001b]0;owned\u0007\u001b[31m\u009b31mevil\u007f\r<script>alert(1)<!--&\"'";

    /** Turns text around besides; strings of this heap have no such characters. */
    private static final String TYPE = "com.example.A\u202e" + EVIL;

    @TempDir
    private Path folder = Path.of("");

    private String dump(String name) {
        HeapBuilder heap = new HeapBuilder();
        FakeClass type = heap.classNamed(TYPE).field("field" + EVIL, HprofType.OBJECT);
        FakeInstance inner = heap.instance(type);
        FakeInstance outer = heap.instance(type).set("field" + EVIL, inner);
        type.staticField("static" + EVIL, outer);
        heap.thread("thread" + EVIL)
                .frame(type, "method" + EVIL, "File" + EVIL + ".java", 12)
                .local(heap.instance(type));
        Path file = folder.resolve(name);
        heap.toFile(file);
        return file.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info",
                "info --quick",
                "histogram --limit 0 --retained",
                "histogram --all",
                "dominators",
                "roots",
                "threads --frames",
                "profile -o OUT"
            })
    void namesCannotSpeakToTheTerminalAndAreWholeInJson(String command) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of(command.replace("OUT", folder.resolve("out").toString()).split(" ")));
        arguments.add(dump("evil.hprof"));
        CommandRun text = CommandRun.of(arguments.toArray(new String[0]));
        assertThat(text.code()).as(text.err()).isIn(0, 4);
        assertThat(harmless(text.out())).isTrue();
        assertThat(harmless(text.err())).isTrue();

        arguments.add("--json");
        String json = CommandRun.of(arguments.toArray(new String[0])).out();
        assertThat(harmless(json)).isTrue();
        Set<String> evil = new TreeSet<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && parser.getText().contains("evil\u007f")) {
                    evil.add(parser.getText());
                }
            }
        }
        if (command.startsWith("histogram")) {
            assertThat(evil).contains(TYPE);
        }
        if (command.startsWith("threads")) {
            assertThat(evil).contains("thread" + EVIL);
        }
        assertThat(evil).allMatch(name -> name.contains(EVIL));
    }

    @Test
    void fileNamesWithControlCharactersAreOneLineOfAMessage() {
        String missing = folder.resolve("du\u001b[31m\nmp\r.hprof").toString();
        CommandRun run = CommandRun.of("info", missing);
        assertThat(run.code()).isEqualTo(3);
        assertThat(harmless(run.err())).isTrue();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("du?[31m mp .hprof");

        CommandRun whole = CommandRun.of("info", dump("du\u001b[31mmp.hprof"));
        assertThat(whole.code()).isIn(0, 4);
        assertThat(harmless(whole.out())).isTrue();
    }

    private static boolean harmless(String text) {
        return text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t' || c == 0x202e);
    }
}

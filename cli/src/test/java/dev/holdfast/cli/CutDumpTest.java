package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that end early, as a full disk leaves them: JVMs up to 17 write the roots last, so these are gone. The leak is named all the same. */
class CutDumpTest {
    /** Where the largest objects stand in the JSON of {@code profile} and {@code dominators}; its verdict has sizes too. */
    private static final Pattern ROW = Pattern.compile("/(?:retainers|rows)/\\d+/(\\w+)");

    @TempDir
    private Path folder = Path.of("");

    /** One of the largest; the address says that it is the very same structure. */
    private record Large(String address, String type, long retained) {}

    @Test
    void theLargestOfTheProjectsDumpIsStillNamed() throws IOException {
        checkCuts(CommittedDump.JDK17.bytes(), 3, "static CACHE java.util.HashMap");
    }

    @Test
    void theEightMegabytesOfAThreadLocalAreStillNamed() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path file = Fixtures.java().orElseThrow().resolve("basic17.hprof.gz");
        assumeTrue(Files.exists(file), () -> "no " + file);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            checkCuts(in.readAllBytes(), 1, "threadLocals java.lang.ThreadLocal$ThreadLocalMap");
        }
    }

    private void checkCuts(byte[] dump, int same, String step) throws IOException {
        Path whole = Files.write(folder.resolve("whole.hprof"), dump);
        List<Large> expected =
                largest(0, "profile", "--out", folder.resolve("out").toString(), whole.toString());
        for (int permille : new int[] {900, 995}) {
            byte[] cut = Arrays.copyOf(dump, (int) (dump.length * (long) permille / 1000));
            String file = Files.write(folder.resolve("cut" + permille + ".hprof"), cut)
                    .toString();
            String out = folder.resolve("out" + permille).toString();
            // No structure may lose a greater share than the file did.
            Percentage loss = Percentage.withPercentage((1000 - permille) / 10.0);

            List<Large> named = largest(4, "profile", "--out", out, file);

            for (int i = 0; i < same; i++) {
                checkSame(named.get(i), expected.get(i), loss);
            }
            List<Large> dominators = largest(4, "dominators", "--limit", "10", file);
            Large first = dominators.stream()
                    .filter(row -> row.address.equals(expected.get(0).address))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(dominators));
            checkSame(first, expected.get(0), loss);
            assertThat(CommandRun.of("profile", "--out", out, file).out())
                    .contains(step)
                    .contains("LOSS roots-lost")
                    .contains("(root lost)")
                    .contains("LOSS truncated");
            assertThat(CommandRun.of("profile", "--strict", "--out", out, file).code())
                    .isEqualTo(ExitCode.UNREADABLE.code());
        }
    }

    private static void checkSame(Large actual, Large expected, Percentage loss) {
        assertThat(actual.address).as("%s", actual).isEqualTo(expected.address);
        assertThat(actual.type).isEqualTo(expected.type);
        assertThat(actual.retained).as("%s", actual).isCloseTo(expected.retained, loss);
    }

    /** The objects of a command's JSON that retain something, in its order. */
    private static List<Large> largest(int code, String... arguments) throws IOException {
        List<String> json = new ArrayList<>(List.of(arguments));
        json.add("--json");
        CommandRun run = CommandRun.of(json.toArray(String[]::new));
        assertThat(run.code()).as("%s: %s", json, run.err()).isEqualTo(code);
        List<Large> found = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(run.out())) {
            String address = "";
            String type = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Matcher row =
                        ROW.matcher(parser.getParsingContext().pathAsPointer().toString());
                if (token.isScalarValue() && row.matches()) {
                    switch (row.group(1)) {
                        case "object" -> address = parser.getText();
                        case "type" -> type = parser.getText();
                        case "retained_bytes" -> found.add(new Large(address, type, parser.getLongValue()));
                        default -> {}
                    }
                }
            }
        }
        assertThat(found).as("%s", json).isNotEmpty();
        return found;
    }
}

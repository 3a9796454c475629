package dev.holdfast.dump.goruntime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which functions of the runtime refer to its variables: where to look for those of a program without symbols. */
final class VariableClues {
    private static final String RESOURCE = "variables.txt";

    /**
     * A function that refers to a variable.
     *
     * @param functions its names: the first that a program has
     * @param field of the variable's structure that it refers to, empty for the variable itself
     */
    record Clue(List<String> functions, String field) {}

    private VariableClues() {}

    /** Clues by variable, in the order in which they are to be searched. */
    static Map<String, List<Clue>> read() {
        Map<String, List<Clue>> clues = new LinkedHashMap<>();
        try (InputStream in = VariableClues.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ");
                List<Clue> list = new ArrayList<>();
                for (int i = 1; i < words.length; i++) {
                    int colon = words[i].indexOf(':');
                    String functions = colon < 0 ? words[i] : words[i].substring(0, colon);
                    list.add(new Clue(
                            List.of(functions
                                    .replace("|", " runtime.")
                                    .replaceFirst("^", "runtime.")
                                    .split(" ")),
                            colon < 0 ? "" : words[i].substring(colon + 1)));
                }
                clues.put(words[0], List.copyOf(list));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return clues;
    }
}

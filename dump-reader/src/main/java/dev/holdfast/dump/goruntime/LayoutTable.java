package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the runtime's structures lie in each release of Go, for programs without debugging information; immutable.
 *
 * <p>The table was computed from the runtime's source by Go's own type checker and compared with the debugging information
 * of programs of every release in it ({@code testkit/src/main/go/layouts}). amd64 and arm64 differ where a structure is padded
 * to cache lines, patches differ where something was carried back, and experiments differ from their release. Parsing
 * costs some milliseconds and about 300 KB.
 */
final class LayoutTable {
    private static final String RESOURCE = "layouts.txt";

    private final Map<String, String> lines;
    private final boolean newer;
    private final Set<String> unknownExperiments;
    private final Map<String, Optional<StructLayout>> structs = new ConcurrentHashMap<>();

    private LayoutTable(Map<String, String> lines, boolean newer, Set<String> unknownExperiments) {
        this.lines = lines;
        this.newer = newer;
        this.unknownExperiments = unknownExperiments;
    }

    /** The layouts of a release, of the newest known one before it if it is not known itself. */
    static LayoutTable of(GoVersion version, Machine machine) {
        try (InputStream in = LayoutTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), version, machine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Keeps what holds for one release. A head such as {@code [1.24 1.25 amd64 noswissmap]} says for which releases, machine
     * and experiment the lines below it hold; what a release has stands before what its experiments change.
     */
    private static LayoutTable read(BufferedReader in, GoVersion version, Machine machine) throws IOException {
        List<GoVersion> releases = new ArrayList<>();
        Set<String> tried = new TreeSet<>();
        Map<String, String> lines = new HashMap<>();
        List<String> changes = new ArrayList<>();
        String arch = machine == Machine.AMD64 ? "amd64" : "arm64";
        GoVersion release = version;
        boolean holds = false;
        boolean experiment = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ");
            if (words[0].equals("releases")) {
                for (int i = 1; i < words.length; i++) {
                    releases.add(release(words[i]));
                }
                release = newestUpTo(version, releases);
            } else if (words[0].equals("experiments")) {
                if (release(words[1]).compareTo(release) == 0) {
                    tried.addAll(List.of(words).subList(2, words.length));
                }
            } else if (line.startsWith("[")) {
                String[] head = line.substring(1, line.length() - 1).split(" ");
                experiment = !head[3].equals("-");
                holds = release.compareTo(release(head[0])) >= 0
                        && release.compareTo(release(head[1])) <= 0
                        && (head[2].equals("*") || head[2].equals(arch))
                        && (!experiment || version.experiments().contains(head[3]));
            } else if (holds && experiment) {
                changes.add(line);
            } else if (holds) {
                lines.put(key(line), line);
            }
        }
        for (String line : changes) {
            if (line.startsWith("! ")) {
                lines.remove(line.substring(2));
            } else {
                lines.put(key(line), line);
            }
        }
        Set<String> unknown = new LinkedHashSet<>(version.experiments());
        unknown.removeAll(tried);
        return new LayoutTable(Map.copyOf(lines), version.minor() > release.minor(), Set.copyOf(unknown));
    }

    /** Whether the release is newer than all in the table. */
    boolean newer() {
        return newer;
    }

    /** Experiments of the program of which it is not known whether they change a layout. */
    Set<String> unknownExperiments() {
        return unknownExperiments;
    }

    /** A structure by its full name; of a variable whose type has no name, by the variable's. */
    Optional<StructLayout> struct(String name) {
        return structs.computeIfAbsent(name, this::parse);
    }

    /** A constant by its full name. */
    OptionalLong constant(String name) {
        String line = lines.get("const " + name);
        return line == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(line.split(" ")[2]));
    }

    /** Bytes of a variable, or 0 if the release does not have it. */
    long variableSize(String name) {
        String line = lines.get("var " + name);
        return line == null ? 0 : size(line.split(" ")[2]);
    }

    /** The structure of a variable that is one, or nothing. */
    Optional<StructLayout> variableStruct(String name) {
        String line = lines.get("var " + name);
        String type = line == null ? "" : line.split(" ")[2];
        return type.startsWith(":") ? struct(type.substring(1)) : Optional.empty();
    }

    /** Names of all variables whose type is known. */
    Set<String> variableNames() {
        Set<String> names = new TreeSet<>();
        for (String key : lines.keySet()) {
            if (key.startsWith("var ")) {
                names.add(key.substring(4));
            }
        }
        return names;
    }

    /** Names of all structures of the release. */
    Set<String> structNames() {
        Set<String> names = new TreeSet<>();
        for (String key : lines.keySet()) {
            if (key.indexOf(' ') < 0) {
                names.add(key);
            }
        }
        return names;
    }

    /** Names of all constants of the release. */
    Set<String> constantNames() {
        Set<String> names = new TreeSet<>();
        for (String key : lines.keySet()) {
            if (key.startsWith("const ")) {
                names.add(key.substring(6));
            }
        }
        return names;
    }

    private Optional<StructLayout> parse(String name) {
        String line = lines.get(name);
        if (line == null || name.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        Map<String, StructLayout.Place> places = new HashMap<>();
        add(line, "", 0, places);
        return Optional.of(new StructLayout(name, Long.parseLong(line.split(" ")[1]), places));
    }

    /** Adds the fields {@code name=OFFSET TYPE} of a structure and of those it contains by value. */
    private void add(String line, String prefix, int base, Map<String, StructLayout.Place> places) {
        String[] words = line.split(" ");
        for (int i = 2; i < words.length; i++) {
            int equal = words[i].indexOf('=');
            int end = equal + 1;
            while (Character.isDigit(words[i].charAt(end))) {
                end++;
            }
            String path = prefix + words[i].substring(0, equal);
            int offset = base + Integer.parseInt(words[i].substring(equal + 1, end));
            String type = words[i].substring(end);
            places.put(path, new StructLayout.Place(offset, (int) size(type)));
            switch (type.charAt(0)) {
                case ':':
                    add(lines.getOrDefault(type.substring(1), ""), path + ".", offset, places);
                    break;
                case 'S':
                    parts(path, offset, places, "array", "len", "cap");
                    break;
                case 'T':
                    parts(path, offset, places, "str", "len");
                    break;
                case 'I':
                    parts(path, offset, places, "tab", "data");
                    break;
                case 'E':
                    parts(path, offset, places, "_type", "data");
                    break;
                default: // a number, or an array
            }
        }
    }

    private static void parts(String path, int offset, Map<String, StructLayout.Place> places, String... words) {
        for (int i = 0; i < words.length; i++) {
            places.put(path + "." + words[i], new StructLayout.Place(offset + 8 * i, 8));
        }
    }

    private long size(String type) {
        switch (type.charAt(0)) {
            case '/':
                return Long.parseLong(type.substring(1));
            case ':':
                String line = lines.get(type.substring(1));
                return line == null ? 0 : Long.parseLong(line.split(" ")[1]);
            case 'S':
                return 24;
            case '*':
                int end = 1;
                while (Character.isDigit(type.charAt(end))) {
                    end++;
                }
                return Long.parseLong(type.substring(1, end)) * size(type.substring(end));
            default:
                return 16;
        }
    }

    private static GoVersion newestUpTo(GoVersion version, List<GoVersion> releases) {
        GoVersion newest = releases.get(0);
        for (GoVersion release : releases) {
            if (release.compareTo(version) <= 0) {
                newest = release;
            }
        }
        return newest;
    }

    private static GoVersion release(String text) {
        String[] parts = text.split("\\.");
        return new GoVersion(
                text, Integer.parseInt(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : 0, Set.of());
    }

    private static String key(String line) {
        int first = line.indexOf(' ');
        String word = line.substring(0, first);
        boolean two = word.equals("const") || word.equals("var");
        return two ? line.substring(0, line.indexOf(' ', first + 1)) : word;
    }
}

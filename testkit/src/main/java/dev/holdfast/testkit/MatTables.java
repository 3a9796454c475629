package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What Eclipse MAT says about one dump of the fixtures: the tables beside it. MAT adds one invented object, the loader at address 0. Tables are read when
 * asked for and not kept.
 */
public final class MatTables {
    private static final String SUFFIX = ".mat.tsv";

    private final Path folder;
    private final String name;
    private final Map<String, TsvTable> sections;

    private MatTables(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.sections = sections(read(folder.resolve(name + SUFFIX)));
    }

    /** One class of {@link #classes()}. */
    public record ClassRow(
            String name,
            long objects,
            long shallow,
            long address,
            long loaderAddress,
            long superAddress,
            long instanceSize,
            long classObjectShallow,
            long classObjectRetained,
            int instanceFields,
            int staticFields,
            String loaderLabel) {}

    /** One object of {@link #objects()}; {@code dominator} is 0 for the root, {@code outbound} counts the reference to the class. */
    public record ObjectRow(
            long address,
            long classAddress,
            long shallow,
            long retained,
            long dominator,
            boolean isTopLevel,
            int outbound,
            int distinctOutbound,
            int inbound) {}

    /** All names that have tables, ascending; some of them only say that MAT refused the dump. */
    public static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tables of one dump in a folder, such as {@link Fixtures#java()}. */
    public static MatTables of(Path folder, String name) {
        return new MatTables(folder, name);
    }

    public String name() {
        return name;
    }

    /** The dump that the tables describe; two names may share one file. */
    public Path dump() {
        return folder.resolve(name.replaceFirst("\\.dump\\d$", "") + ".hprof.gz");
    }

    /** Which dump of the file it is, counted from 1. */
    public int dumpNumber() {
        return name.matches(".*\\.dump\\d") ? name.charAt(name.length() - 1) - '0' : 1;
    }

    /** True if MAT could not open the dump; there are no other sections then. */
    public boolean isRefused() {
        return sections.containsKey("failed");
    }

    /** A section by its title, such as {@code dominators_top100}. */
    public TsvTable section(String title) {
        TsvTable table = sections.get(title);
        if (table == null) {
            throw new NoSuchElementException(title + " of " + name + ", there are " + sections.keySet());
        }
        return table;
    }

    /** A number of a section of keys and values, such as {@code info}, {@code objects}. */
    public long number(String section, String key) {
        String value = section(section).value(key);
        if (value.isEmpty()) {
            throw new NoSuchElementException(key + " in " + section + " of " + name);
        }
        return TsvTable.number(value);
    }

    /** Every class. */
    public List<ClassRow> classes() {
        return table(".classes.tsv.gz").orElseThrow().rows().stream()
                .map(row -> new ClassRow(
                        row.text("class"),
                        row.number("objects"),
                        row.number("shallow"),
                        row.number("class_address"),
                        row.number("loader_address"),
                        row.text("superclass_address").isEmpty() ? 0 : row.number("superclass_address"),
                        row.number("instance_size"),
                        row.number("class_object_shallow"),
                        row.number("class_object_retained"),
                        (int) row.number("instance_fields"),
                        (int) row.number("static_fields"),
                        row.text("loader_label")))
                .toList();
    }

    /** Every reachable object in address order; only some small dumps have the table. */
    public Optional<List<ObjectRow>> objects() {
        return table(".objects.tsv.gz")
                .map(table -> table.rows().stream()
                        .map(row -> new ObjectRow(
                                row.number("address"),
                                row.number("class_address"),
                                row.number("shallow"),
                                row.number("retained"),
                                row.number("idom_address"),
                                row.text("idom_address").equals("ROOT"),
                                (int) row.number("outbound"),
                                (int) row.number("distinct_outbound"),
                                (int) row.number("inbound")))
                        .toList());
    }

    /** The JVM's histograms just before and just after the dump, for their equal rows; empty if there is no such file. */
    public List<JvmHistogram> histograms() {
        Path file = folder.resolve(name + ".histo-full.txt.gz");
        return Files.exists(file) ? JvmHistogram.parseAll(String.join("\n", read(file))) : List.of();
    }

    private Optional<TsvTable> table(String suffix) {
        Path file = folder.resolve(name + suffix);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = read(file);
        TsvTable table = new TsvTable(lines.get(0));
        lines.subList(1, lines.size()).stream().filter(line -> !line.isEmpty()).forEach(table::add);
        return Optional.of(table);
    }

    private static Map<String, TsvTable> sections(List<String> lines) {
        Map<String, TsvTable> sections = new LinkedHashMap<>();
        String title = "";
        TsvTable current = null;
        for (String line : lines) {
            if (line.startsWith("## ")) {
                title = line.substring(3);
                current = null;
            } else if (line.startsWith("#") && !title.isEmpty() && current == null) {
                current = new TsvTable(line);
                sections.put(title, current);
            } else if (!line.isEmpty() && current != null) {
                current.add(line);
            }
        }
        return sections;
    }

    private static List<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

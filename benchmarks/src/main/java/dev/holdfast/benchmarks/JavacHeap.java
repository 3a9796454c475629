package dev.holdfast.benchmarks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A real heap: javac after it has parsed and attributed thousands of files, with all syntax trees alive.
 *
 * <p>{@code java -Xmx3g ... JavacHeap FILE SOURCES.jar...}; sources are read in the order given and, in a jar, by name, so
 * that the heap depends on nothing but the sources and the JDK.
 */
final class JavacHeap {
    private JavacHeap() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: JavacHeap FILE SOURCES.jar...");
            System.exit(2);
        }
        List<Source> sources = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            read(Path.of(arguments[i]), sources);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        // Some sources need libraries that are not here: what javac cannot resolve it attributes as erroneous, and goes
        // on.
        List<String> options = List.of("-proc:none", "-nowarn", "-XDshould-stop.ifError=FLOW", "-Xmaxerrs", "1");
        JavacTask task =
                (JavacTask) compiler.getTask(Writer.nullWriter(), null, diagnostic -> {}, options, null, sources);
        List<CompilationUnitTree> trees = new ArrayList<>();
        task.parse().forEach(trees::add);
        int elements = 0;
        for (Object element : task.analyze()) {
            elements += element == null ? 0 : 1;
        }
        System.out.println(trees.size() + " files parsed, " + elements + " elements attributed");
        HeapDumps.write(Path.of(arguments[0]), List.of(task, trees));
    }

    private static void read(Path jar, List<Source> into) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> wanted(entry.getName()))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            for (ZipEntry entry : entries) {
                try (InputStream in = zip.getInputStream(entry)) {
                    into.add(new Source(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private static boolean wanted(String name) {
        return name.endsWith(".java") && !name.startsWith("META-INF/") && !name.endsWith("-info.java");
    }

    /** One source file in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}

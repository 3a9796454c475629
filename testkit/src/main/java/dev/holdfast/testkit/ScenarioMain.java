package dev.holdfast.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The main class of the child JVM of {@link LiveJvm}: builds the scenario, waits until two histograms in a row are equal, then writes histogram, dump,
 * histogram and halts. Run with: scenario class, folder, name, further arguments of {@code GC.heap_dump}.
 */
public final class ScenarioMain {
    private static final int MOST_ROUNDS = 30;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

    // Made once, so that the same objects exist whenever the heap is looked at.
    private final ObjectName diagnostics;
    // Null instead of an empty array: DiagnosticCommandImpl would make a StringBuilder, a String and two byte[] that
    // the dump does not hold.
    private final @Nullable Object[] noArguments = {null};
    private final String[] signature = {String[].class.getName()};
    private final List<String> dumpArguments;
    private final Path before;
    private final Path after;
    private final String dump;

    private ScenarioMain(Path folder, String name, List<String> dumpArguments) throws Exception {
        this.dumpArguments = dumpArguments;
        diagnostics = new ObjectName("com.sun.management:type=DiagnosticCommand");
        before = folder.resolve(name + LiveJvm.BEFORE);
        after = folder.resolve(name + LiveJvm.AFTER);
        dump = folder.resolve(name + LiveJvm.DUMP).toString();
    }

    public static void main(String[] args) throws Exception {
        Scenario scenario = Class.forName(args[0])
                .asSubclass(Scenario.class)
                .getDeclaredConstructor()
                .newInstance();
        Object kept = scenario.build();
        ScenarioMain main =
                new ScenarioMain(Path.of(args[1]), args[2], List.of(args).subList(3, args.length));
        try {
            // The first round loads classes and fills caches that would else differ before and after.
            main.round();
            Files.delete(Path.of(main.dump));
            main.round();
        } finally {
            Reference.reachabilityFence(kept);
        }
        Runtime.getRuntime().halt(0);
    }

    private void round() throws Exception {
        settle();
        dump();
        writeHistogram(after);
    }

    /** Writes a histogram equal to the one before it. */
    private void settle() throws Exception {
        // The hash, not the text: no histogram must count an earlier one's text.
        int last = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int hash = writeHistogram(before);
            if (hash == last) {
                break;
            }
            last = hash;
        }
    }

    private int writeHistogram(Path file) throws Exception {
        String histogram = (String) server.invoke(diagnostics, "gcClassHistogram", noArguments, signature);
        Files.writeString(file, histogram, StandardCharsets.UTF_8);
        return histogram.hashCode();
    }

    /** The MXBean knows only whether to dump live objects alone; for more, {@code jcmd} is run against this process. */
    private void dump() throws Exception {
        if (dumpArguments.isEmpty() || dumpArguments.equals(List.of("-all"))) {
            hotSpot.dumpHeap(dump, dumpArguments.isEmpty());
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.add("GC.heap_dump");
        command.addAll(dumpArguments);
        command.add(dump);
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0 || !Files.exists(Path.of(dump))) {
            throw new IllegalStateException(command + " ended with " + exit);
        }
    }
}

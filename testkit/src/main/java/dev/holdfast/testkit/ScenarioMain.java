package dev.holdfast.testkit;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The main class of the child JVM of {@link LiveJvm}: builds the scenario, waits until two histograms in a row are equal, then writes histogram, dump,
 * histogram and halts. Run with: scenario class, folder, name, further arguments of {@code GC.heap_dump}.
 */
public final class ScenarioMain {
    private static final int MOST_ROUNDS = 30;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private ScenarioMain() {}

    public static void main(String[] args) throws Exception {
        Scenario scenario = Class.forName(args[0])
                .asSubclass(Scenario.class)
                .getDeclaredConstructor()
                .newInstance();
        Object kept = scenario.build();
        try {
            new ScenarioMain().run(Path.of(args[1]), args[2], List.of(args).subList(3, args.length));
        } finally {
            Reference.reachabilityFence(kept);
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(Path folder, String name, List<String> dumpArguments) throws Exception {
        // The first run of each command loads classes and fills caches that would differ afterwards.
        Path warmUp = folder.resolve(name + ".warm-up" + LiveJvm.DUMP);
        dump(warmUp, dumpArguments);
        Files.delete(warmUp);
        settle(folder.resolve(name + LiveJvm.BEFORE));
        dump(folder.resolve(name + LiveJvm.DUMP), dumpArguments);
        Files.writeString(folder.resolve(name + LiveJvm.AFTER), histogram(), StandardCharsets.UTF_8);
    }

    /** Writes a histogram equal to the one before it; a method of its own, so that no local holds the text during the dump. */
    private void settle(Path file) throws Exception {
        String before = "";
        String last = histogram();
        for (int round = 0; round < MOST_ROUNDS && !before.equals(last); round++) {
            before = last;
            last = histogram();
        }
        Files.writeString(file, last, StandardCharsets.UTF_8);
    }

    /** The MXBean knows only whether to dump live objects alone; for more, {@code jcmd} is run against this process. */
    private void dump(Path file, List<String> arguments) throws Exception {
        if (arguments.isEmpty() || arguments.equals(List.of("-all"))) {
            server.invoke(
                    new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                    "dumpHeap",
                    new Object[] {file.toString(), arguments.isEmpty()},
                    new String[] {String.class.getName(), boolean.class.getName()});
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.add("GC.heap_dump");
        command.addAll(arguments);
        command.add(file.toString());
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0 || !Files.exists(file)) {
            throw new IllegalStateException(command + " ended with " + exit);
        }
    }

    private String histogram() throws Exception {
        return (String) server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    }
}

package dev.holdfast.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Measures the phases of a run and the memory it took at most; thread-safe. */
final class Timings {
    private record Phase(String name, long nanos) {}

    private static final Path STATUS = Path.of("/proc/self/status");

    private final List<Phase> phases = new ArrayList<>();
    private @Nullable String running;
    private long runningSince;

    /** A phase begins and the one before it ends. */
    synchronized void phase(String name) {
        end();
        running = name;
        runningSince = System.nanoTime();
    }

    /** The phase at work ends. */
    synchronized void end() {
        if (running != null) {
            phases.add(new Phase(running, System.nanoTime() - runningSince));
            running = null;
        }
    }

    /** One line a phase, then the whole run with the JVM's start, then the peak of memory. */
    synchronized void print(PrintWriter err) {
        for (Phase phase : phases) {
            err.printf(Locale.ROOT, "%9.3f s  %s%n", phase.nanos() / 1e9, phase.name());
        }
        long sinceJvmStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        err.printf(Locale.ROOT, "%9.3f s  total, with the start of the JVM%n", sinceJvmStart / 1e3);
        OptionalLong resident = residentPeak();
        resident.ifPresent(bytes -> err.printf(Locale.ROOT, "%9d MB peak of resident memory%n", bytes >> 20));
        err.printf(Locale.ROOT, "%9d MB peak of the Java heap%n", heapPeak() >> 20);
    }

    /** The most memory that this process had resident, page cache of mapped files included; Linux tells it. */
    static OptionalLong residentPeak() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The sum of the pools' peaks: never less than the true peak, and near it when one pool dominates. */
    private static long heapPeak() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == java.lang.management.MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return sum;
    }
}

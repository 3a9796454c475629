package dev.holdfast.benchmarks;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Dumps the running JVM. */
final class HeapDumps {
    private HeapDumps() {}

    /**
     * Writes the live objects of this JVM to a file, atomically: a dump that was interrupted is never taken for a whole one.
     *
     * @param keep what the dump is about; it stays reachable until the dump is written
     */
    static void write(Path file, Object keep) throws IOException {
        // The JVM refuses names that do not end in .hprof and files that exist.
        Path part = file.resolveSibling("part-" + ProcessHandle.current().pid() + ".hprof");
        Files.deleteIfExists(part);
        try {
            HotSpotDiagnosticMXBean bean = ManagementFactory.newPlatformMXBeanProxy(
                    ManagementFactory.getPlatformMBeanServer(),
                    "com.sun.management:type=HotSpotDiagnostic",
                    HotSpotDiagnosticMXBean.class);
            bean.dumpHeap(part.toString(), true);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Reference.reachabilityFence(keep);
            Files.deleteIfExists(part);
        }
        System.out.println(file + ": " + Files.size(file) + " bytes");
    }
}

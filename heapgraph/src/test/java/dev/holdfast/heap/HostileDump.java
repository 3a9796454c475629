package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.hprof.HprofFormat;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.EveryRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Opens a damaged dump as a heap and uses all of it, as a hostile reader of the documentation would. */
final class HostileDump {
    /** One worker, so that what it allocates can be counted. */
    static final DumpOptions LENIENT = DumpOptions.DEFAULT.withThreads(1);

    private static final SnapshotOptions GRAPH = SnapshotOptions.DEFAULT.withThreads(1);
    private static final int MOST_READS = 64;

    private HostileDump() {}

    /** How many of the cases gave a heap and how many were refused. */
    record Outcome(int opened, int refused) {}

    /**
     * Opens every case. Any exception but the documented ones fails, and so do a case that allocates more than the bound
     * and a run that does not end.
     */
    static Outcome openAll(Stream<Damage> cases, DumpOptions options, long mostBytes) {
        AtomicReference<String> current = new AtomicReference<>("");
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        // Loading classes allocates too, once.
        use(Damage.none(EveryRecord.dump(8)), options.withStrict(false));
        assertTimeoutPreemptively(
                Duration.ofMinutes(5),
                () -> cases.forEach(damage -> {
                    current.set(damage.toString());
                    long before = allocated();
                    (use(damage, options) ? opened : refused).incrementAndGet();
                    assertThat(allocated() - before)
                            .as("bytes allocated for %s", damage)
                            .isLessThan(mostBytes);
                }),
                () -> "hangs: " + current.get());
        return new Outcome(opened.get(), refused.get());
    }

    /** Opens and uses a dump; false if it was refused. */
    static boolean use(Damage damage, DumpOptions options) {
        try (HeapSnapshot heap = open(damage, options)) {
            useAll(heap);
            return true;
        } catch (DumpFormatException e) {
            assertThat(e.getMessage()).as("%s", damage).contains("damaged.hprof");
            return false;
        } catch (InsufficientResourcesException e) {
            return false;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new AssertionError(damage + " with " + options, e);
        }
    }

    static HeapSnapshot open(Damage damage, DumpOptions options) throws IOException {
        return HeapSnapshot.open(HprofFormat.open(damage.bytes(), "damaged.hprof", options), GRAPH, Progress.NONE);
    }

    /** Bytes that this thread has ever allocated. */
    static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void useAll(HeapSnapshot heap) throws IOException {
        assertThat(heap.identities()).allMatch(Identity::holds);
        ObjectGraph graph = heap.graph();
        DumpFile dump = heap.dump();
        Referrers referrers = heap.referrers();
        long incoming = 0;
        long outgoing = 0;
        for (int node = 0; node < graph.nodeCount(); node++) {
            outgoing += graph.endReference(node) - graph.firstReference(node);
            incoming += referrers.end(node) - referrers.first(node);
            if (heap.reachable(node)) {
                assertThat(heap.dominators().retainedSize(node))
                        .isBetween(
                                graph.isHolder(node) ? 0 : graph.shallowSize(node),
                                heap.dominators().totalRetainedSize());
            }
        }
        assertThat(incoming).isEqualTo(outgoing);
        int step = 1 + graph.objectCount() / MOST_READS;
        for (int object = 0; object < graph.objectCount(); object += step) {
            long address = graph.addressOf(object);
            dump.read(address);
            dump.read(address + 1);
            dump.readReferences(address, 100);
            dump.readElements(address, 0, 100);
            dump.typeOfClassObject(address);
            for (long e = graph.firstReference(object); e < graph.endReference(object); e++) {
                if (graph.slot(e) != dev.holdfast.dump.ReferenceSink.UNNAMED_SLOT) {
                    dump.referenceName(address, graph.typeOf(object), graph.slot(e));
                }
            }
        }
        dump.threads();
        dump.info();
        dump.layoutInfo();
        heap.warnings();
    }
}

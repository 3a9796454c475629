package dev.holdfast.heap;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Addresses to ids: what happens once for every reference of the dump. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx2g", "-XX:+UseSerialGC"})
public class AddressIndexBenchmark {
    private static final int QUERIES = 1 << 20;

    /** How many objects. */
    @Param({"10000000"})
    public int objects;

    /** How far a reference points, in bytes; real ones are mostly near. */
    @Param({"65536", "400000000"})
    public int reach;

    private long[] queries = {};
    private AddressIndex index = new AddressIndexBuilder(ColumnStore.onHeap()).build();

    /** Objects of 16 to 64 bytes one after another, and references from one into a window about it. */
    @Setup
    public void build() {
        Random random = new Random(42);
        AddressIndexBuilder builder = new AddressIndexBuilder(ColumnStore.onHeap());
        AddressCollector collector = builder.collector();
        long[] addresses = new long[objects];
        long address = 0x7_0000_0000L;
        for (int i = 0; i < objects; i++) {
            addresses[i] = address;
            collector.add(address);
            address += 8L * (2 + random.nextInt(7));
        }
        index = builder.build();
        queries = new long[QUERIES];
        int window = Math.max(1, Math.min(objects / 2, reach / 40));
        for (int i = 0; i < QUERIES; i++) {
            int from = (int) ((long) i * objects / QUERIES);
            int to = from - window + random.nextInt(2 * window);
            queries[i] = addresses[Math.floorMod(to, objects)];
        }
    }

    /** Looks up a million addresses, in the order of the objects that refer to them. */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public long lookUp() {
        long sum = 0;
        for (long query : queries) {
            sum += index.indexOf(query);
        }
        return sum;
    }
}

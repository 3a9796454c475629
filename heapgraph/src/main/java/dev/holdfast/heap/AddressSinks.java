package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ObjectSink;
import java.util.ArrayDeque;

/** Collects the addresses of all objects; as many collectors as chunks are open at a time. Thread-safe. */
final class AddressSinks implements ChunkSinks<ObjectSink> {
    private final AddressIndexBuilder builder;
    private final ArrayDeque<Sink> idle = new ArrayDeque<>();

    AddressSinks(AddressIndexBuilder builder) {
        this.builder = builder;
    }

    @Override
    public synchronized ObjectSink open(int chunk) {
        Sink sink = idle.poll();
        return sink != null ? sink : new Sink(builder.collector());
    }

    @Override
    public synchronized void close(int chunk, ObjectSink sink) {
        idle.push((Sink) sink);
    }

    private record Sink(AddressCollector collector) implements ObjectSink {
        @Override
        public void object(long address, long typeKey, long elements) {
            collector.add(address);
        }
    }
}

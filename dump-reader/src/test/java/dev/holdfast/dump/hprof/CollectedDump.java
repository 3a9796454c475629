package dev.holdfast.dump.hprof;

import static java.util.Objects.requireNonNull;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All that the four calls of a dump deliver, in plain collections; slow and simple. */
final class CollectedDump {
    record Reference(long target, int slot) {}

    record Source(int type, int elements, List<Reference> references) {}

    final TreeSet<Long> addresses = new TreeSet<>(Long::compareUnsigned);
    final Map<Long, Source> sources = new TreeMap<>(Long::compareUnsigned);
    private @Nullable ShallowSizes sizes;
    long announced;
    long sourced;

    static CollectedDump of(DumpFile dump) throws IOException {
        CollectedDump all = new CollectedDump();
        dump.objects(
                new ChunkSinks<>() {
                    @Override
                    public ObjectSink open(int chunk) {
                        return (address, typeKey, elements) -> all.announce(address);
                    }
                },
                Progress.NONE);
        all.sizes = dump.layout(all.addressSet());
        dump.references(
                new ChunkSinks<>() {
                    @Override
                    public ReferenceSink open(int chunk) {
                        return all.new Collector();
                    }
                },
                Progress.NONE);
        return all;
    }

    ShallowSizes sizes() {
        return requireNonNull(sizes);
    }

    private synchronized void announce(long address) {
        addresses.add(address);
        announced++;
    }

    private synchronized void source(long address, Source source) {
        sources.putIfAbsent(address, source);
        sourced++;
    }

    private final class Collector implements ReferenceSink {
        private List<Reference> open = new ArrayList<>();

        @Override
        public void object(long address, int type, int elements) {
            open = new ArrayList<>();
            source(address, new Source(type, elements, open));
        }

        @Override
        public void reference(long target, int slot) {
            open.add(new Reference(target, slot));
        }
    }

    private AddressSet addressSet() {
        return new AddressSet() {
            @Override
            public int count() {
                return addresses.size();
            }

            @Override
            public long next(long address) {
                Long next = addresses.higher(address);
                return next == null ? address : next;
            }

            @Override
            public int indexOf(long address) {
                return addresses.contains(address) ? addresses.headSet(address).size() : -1;
            }
        };
    }
}

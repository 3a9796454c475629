package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntPredicate;

/** All that the four calls deliver, in plain collections; and reachability by brute force over them. */
final class CollectedGoDump {
    /** An object with what it points to. */
    record Found(String type, long size, List<Long> targets, List<Integer> slots) {}

    final Map<Long, Found> objects = new TreeMap<>(Long::compareUnsigned);
    final DumpRoots roots;
    private final TreeSet<Long> addresses = new TreeSet<>(Long::compareUnsigned);

    private CollectedGoDump(DumpFile dump) throws IOException {
        Map<Integer, List<Long>> first = new ConcurrentSkipListMap<>();
        dump.objects(
                chunk -> {
                    List<Long> list = new ArrayList<>();
                    first.put(chunk, list);
                    return (address, type, elements) -> list.add(address);
                },
                Progress.NONE);
        first.values().forEach(addresses::addAll);
        ShallowSizes sizes = dump.layout(set());
        Map<Integer, List<Long>> second = new ConcurrentSkipListMap<>();
        Map<Integer, Map<Long, Found>> found = new ConcurrentSkipListMap<>();
        List<DumpType> types = dump.types();
        dump.references(
                chunk -> {
                    List<Long> list = new ArrayList<>();
                    Map<Long, Found> mine = new TreeMap<>();
                    second.put(chunk, list);
                    found.put(chunk, mine);
                    return new Collector(list, mine, types, sizes);
                },
                Progress.NONE);
        if (!first.equals(second) || first.size() != dump.chunkCount()) {
            throw new AssertionError("the passes differ in objects or chunks");
        }
        found.values().forEach(mine -> mine.forEach(objects::putIfAbsent));
        long references =
                objects.values().stream().mapToLong(o -> o.targets().size()).sum();
        if (references > dump.maxReferences()) {
            throw new AssertionError(references + " references, at most " + dump.maxReferences() + " were announced");
        }
        roots = dump.roots();
    }

    static CollectedGoDump of(DumpFile dump) throws IOException {
        return new CollectedGoDump(dump);
    }

    private AddressSet set() {
        List<Long> sorted = new ArrayList<>(addresses);
        Map<Long, Integer> index = new java.util.HashMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            index.put(sorted.get(i), i);
        }
        return new AddressSet() {
            @Override
            public int count() {
                return sorted.size();
            }

            @Override
            public long next(long address) {
                Long above = addresses.higher(address);
                return above == null ? address : above;
            }

            @Override
            public int indexOf(long address) {
                return index.getOrDefault(address, -1);
            }
        };
    }

    /** Position among all addresses. */
    int indexOf(long address) {
        return addresses.headSet(address).size();
    }

    long bytes() {
        return objects.values().stream().mapToLong(Found::size).sum();
    }

    /** What is surely reachable from holders that are asked for; conditional roots count, as their objects are kept or not. */
    Set<Long> reachable(IntPredicate holders) {
        Set<Long> seen = new HashSet<>();
        ArrayDeque<Long> left = new ArrayDeque<>();
        for (int i = 0; i < roots.heldCount(); i++) {
            if (holders.test(roots.heldBy(i)) && !roots.heldConservatively(i)) {
                left.add(roots.heldAddress(i));
            }
        }
        walk(left, seen);
        return seen;
    }

    private void walk(ArrayDeque<Long> left, Set<Long> seen) {
        while (!left.isEmpty()) {
            long address = left.poll();
            Found object = objects.get(address);
            if (object != null && seen.add(address)) {
                left.addAll(object.targets());
                for (int i = 0; i < roots.ownedCount(); i++) {
                    if (roots.ownedSource(i) == address) {
                        left.add(roots.ownedTarget(i));
                    }
                }
            }
        }
    }

    /** Bytes that nothing but one holder keeps, unless a word on a stack is taken for a pointer. */
    long retained(int holder) {
        Set<Long> all = reachable(h -> true);
        all.removeAll(reachable(h -> h != holder));
        return all.stream()
                .mapToLong(a -> Objects.requireNonNull(objects.get(a)).size())
                .sum();
    }

    /** The holder of that name, or -1. */
    int holder(String name) {
        for (int i = 0; i < roots.holders().size(); i++) {
            if (roots.holders().get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** What the holder of that name points to. */
    List<Long> heldBy(String name) {
        List<Long> held = new ArrayList<>();
        for (int i = 0; i < roots.heldCount(); i++) {
            if (roots.holders().get(roots.heldBy(i)).name().equals(name)) {
                held.add(roots.heldAddress(i));
            }
        }
        return held;
    }

    /** What the holder of that name may point to. */
    List<Long> perhapsHeldBy(String name) {
        List<Long> held = new ArrayList<>();
        for (int i = 0; i < roots.heldCount(); i++) {
            if (roots.holders().get(roots.heldBy(i)).name().equals(name) && roots.heldConservatively(i)) {
                held.add(roots.heldAddress(i));
            }
        }
        return held;
    }

    private static final class Collector implements ReferenceSink {
        private final List<Long> order;
        private final Map<Long, Found> found;
        private final List<DumpType> types;
        private final ShallowSizes sizes;
        private Found last = new Found("", 0, new ArrayList<>(), new ArrayList<>());

        Collector(List<Long> order, Map<Long, Found> found, List<DumpType> types, ShallowSizes sizes) {
            this.order = order;
            this.found = found;
            this.types = types;
            this.sizes = sizes;
        }

        @Override
        public void object(long address, int type, int elements) {
            last = new Found(types.get(type).name(), sizes.of(type, elements), new ArrayList<>(), new ArrayList<>());
            found.putIfAbsent(address, last);
            order.add(address);
        }

        @Override
        public void reference(long target, int slot) {
            last.targets().add(target);
            last.slots().add(slot);
        }
    }
}

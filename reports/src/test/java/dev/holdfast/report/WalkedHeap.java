package dev.holdfast.report;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is reachable, found by going from address to address and reading each object's references from the file again: shares with the graph under test
 * neither index nor edges nor search, only the list of roots and the shallow sizes.
 *
 * @param objects how many are reachable
 * @param bytes their shallow sizes
 */
record WalkedHeap(long objects, long bytes) {
    static WalkedHeap of(HeapSnapshot heap) throws IOException {
        DumpRoots roots = heap.dump().roots();
        Map<Long, List<Long>> ownedBy = new HashMap<>();
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < roots.rootCount(); i++) {
            found.add(roots.rootAddress(i));
        }
        for (int i = 0; i < roots.heldCount(); i++) {
            Holder holder = roots.holders().get(roots.heldBy(i));
            if (holder.parent() == DumpRoots.UNDER_OBJECT) {
                ownedBy.computeIfAbsent(holder.owner(), key -> new ArrayList<>())
                        .add(roots.heldAddress(i));
            } else {
                found.add(roots.heldAddress(i));
            }
        }
        for (int i = 0; i < roots.ownedCount(); i++) {
            ownedBy.computeIfAbsent(roots.ownedSource(i), key -> new ArrayList<>())
                    .add(roots.ownedTarget(i));
        }
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>();
        long bytes = 0;
        while (true) {
            for (long address : found) {
                if (heap.graph().indexOf(address) >= 0 && seen.add(address)) {
                    open.add(address);
                }
            }
            if (open.isEmpty()) {
                return new WalkedHeap(seen.size(), bytes);
            }
            long address = open.remove();
            int object = heap.graph().indexOf(address);
            bytes += heap.graph().shallowSize(object);
            found.clear();
            DumpType type = heap.types().get(heap.graph().typeOf(object));
            if (type.hasClassObject()) {
                found.add(type.classAddress());
            }
            for (NamedReference reference : heap.dump().readReferences(address, Integer.MAX_VALUE)) {
                found.add(reference.target());
            }
            found.addAll(ownedBy.getOrDefault(address, List.of()));
        }
    }
}

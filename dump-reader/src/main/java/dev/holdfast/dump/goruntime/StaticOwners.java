package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.dwarf.DwarfVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which package variable leads to data that has no name of its own: {@code var item = &Item{}} makes the compiler lay out an
 * {@code Item} that only {@code item} points to.
 *
 * <p>Data begins where a pointer of another variable leads and ends before the next such place or named variable. What
 * several variables lead to belongs to none of them.
 */
final class StaticOwners {
    /** Unnamed data that leads to unnamed data is followed so many times. */
    private static final int DEPTH = 16;

    private static final String SEVERAL = "";

    private final GlobalNames names;
    private final TreeMap<Long, String> ownerOf = new TreeMap<>();
    private final Map<Long, List<Long>> unnamed = new HashMap<>();
    private final Set<Long> shared = new HashSet<>();

    private StaticOwners(GlobalNames names) {
        this.names = names;
    }

    /** Finds them in a program. */
    static StaticOwners of(GoProgram program, GlobalNames names) {
        StaticOwners owners = new StaticOwners(names);
        new GlobalPointers(program).visit((module, address, value) -> {
            boolean inside = value - module.data() >= 0 && value - module.endData() < 0
                    || value - module.bss() >= 0 && value - module.endBss() < 0;
            if (inside) {
                owners.pointer(address, value);
            }
        });
        owners.finish();
        return owners;
    }

    /** A pointer from a word of package variables to another place in them. */
    private void pointer(long address, long target) {
        if (names.variableAt(target) != null) {
            return;
        }
        DwarfVariable from = names.variableAt(address);
        if (from == null) {
            unnamed.computeIfAbsent(target, key -> new ArrayList<>()).add(address);
            ownerOf.putIfAbsent(target, SEVERAL);
        } else {
            put(target, from.name());
        }
    }

    /** All pointers were given. */
    private void finish() {
        for (int depth = 0; depth < DEPTH && !unnamed.isEmpty(); depth++) {
            Map<Long, List<Long>> left = new HashMap<>();
            unnamed.forEach((target, sources) -> {
                for (long source : sources) {
                    String owner = ownerAt(source);
                    if (owner == null) {
                        left.computeIfAbsent(target, key -> new ArrayList<>()).add(source);
                    } else {
                        put(target, owner);
                    }
                }
            });
            if (left.equals(unnamed)) {
                return;
            }
            unnamed.clear();
            unnamed.putAll(left);
        }
    }

    private void put(long target, String owner) {
        String before = ownerOf.put(target, owner);
        if (before != null && !before.equals(SEVERAL) && !before.equals(owner)) {
            shared.add(target);
        }
        if (shared.contains(target)) {
            ownerOf.put(target, SEVERAL);
        }
    }

    /** The variable that leads to the unnamed data at an address, or null. */
    @Nullable
    String ownerAt(long address) {
        Map.Entry<Long, String> data = ownerOf.floorEntry(address);
        if (data == null || data.getValue().equals(SEVERAL) || names.namedBetween(data.getKey(), address)) {
            return null;
        }
        return data.getValue();
    }
}

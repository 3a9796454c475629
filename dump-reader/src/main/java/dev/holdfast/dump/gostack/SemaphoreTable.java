package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.StructLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The runtime's table of goroutines that wait for semaphores (runtime.semtable): 251 trees of records with distinct
 * addresses, each of which begins the list of all that wait for the same one.
 *
 * <p>An entry is as large as the processor's cache lines make it, which only debugging information tells: so every word of
 * the table is tried, and counts if it leads to a record of a goroutine. Used by one thread.
 */
final class SemaphoreTable {
    private static final int TREES = 251;

    /** Two cache lines of 64 bytes and a word (arm64, Go 1.18); behind the table of most others lie other variables. */
    private static final int LARGEST_ENTRY = 136;

    private final MemoryReader reader;
    private final GoroutineTable goroutines;
    private final long address;
    private final int element;
    private final int left;
    private final int right;
    private final int next;
    private final int select;
    private final int owner;

    SemaphoreTable(GoProgram program, GoroutineTable goroutines, int element) {
        this.reader = program.reader();
        this.goroutines = goroutines;
        this.element = element;
        address = program.layout().hasAddress("runtime.semtable")
                ? program.layout().address("runtime.semtable")
                : 0;
        StructLayout sudog = program.layout().struct("runtime.sudog");
        left = sudog.offset("prev");
        right = sudog.offset("next");
        next = sudog.offset("waitlink");
        select = sudog.offset("isSelect");
        owner = sudog.offset("g");
    }

    /** Record by goroutine, of all that wait. */
    Map<Long, Long> waiters() {
        Map<Long, Long> found = new HashMap<>();
        if (address != 0) {
            Set<Long> seen = new HashSet<>();
            for (long word = address; word < address + TREES * LARGEST_ENTRY; word += Long.BYTES) {
                tryWord(word, seen, found);
            }
        }
        return found;
    }

    private void tryWord(long word, Set<Long> seen, Map<Long, Long> found) {
        try {
            tree(reader.word(word), seen, found);
        } catch (MissingMemoryException e) {
            // A word behind the table, or a tree that is not in the dump whole: others are.
            return;
        }
    }

    private void tree(long root, Set<Long> seen, Map<Long, Long> found) {
        Deque<Long> trees = new ArrayDeque<>();
        trees.push(root);
        while (!trees.isEmpty()) {
            long record = trees.pop();
            if (record(record) && seen.add(record)) {
                long semaphore = reader.word(record + element);
                trees.push(reader.word(record + left));
                trees.push(reader.word(record + right));
                found.put(reader.word(record + owner), record);
                for (long at = reader.word(record + next);
                        at != 0 && record(at) && reader.word(at + element) == semaphore && seen.add(at);
                        at = reader.word(at + next)) {
                    found.put(reader.word(at + owner), at);
                }
            }
        }
    }

    /** Whether there is a record of a goroutine that waits for a semaphore. */
    private boolean record(long at) {
        return at != 0
                && (at & 7) == 0
                && reader.readable(at, Long.BYTES)
                && goroutines.at(reader.word(at + owner)) != null
                && reader.word(at + element) != 0
                && reader.u8(at + select) == 0;
    }
}

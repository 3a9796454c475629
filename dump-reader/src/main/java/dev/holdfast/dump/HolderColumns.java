package dev.holdfast.dump;

import dev.holdfast.dump.DumpRoots.Holder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * Holders as columns, made into records when asked for: 21 bytes each where a record and its place in a list take 44; 100,000
 * virtual threads have a million frames with locals. Filled by one thread, then only read.
 */
final class HolderColumns extends AbstractList<Holder> implements RandomAccess {
    private static final RootKind[] KINDS = RootKind.values();

    private byte[] kinds = new byte[16];
    private int[] names = new int[16];
    /** The parent; of a holder that hangs below an object that object's address, and its kind is stored negative. */
    private long[] above = new long[16];

    private int[] threads = new int[16];
    private int[] frames = new int[16];
    private int size;

    private final List<String> nameTexts = new ArrayList<>();
    private final Map<String, Integer> nameNumbers = new HashMap<>();

    @Override
    public boolean add(Holder holder) {
        if (size == kinds.length) {
            resize(size + (size >> 1));
        }
        boolean underObject = holder.parent() == DumpRoots.UNDER_OBJECT;
        int kind = holder.kind().ordinal();
        kinds[size] = (byte) (underObject ? ~kind : kind);
        above[size] = underObject ? holder.owner() : holder.parent();
        names[size] = nameNumbers.computeIfAbsent(holder.name(), made -> {
            nameTexts.add(made);
            return nameTexts.size() - 1;
        });
        threads[size] = holder.thread();
        frames[size++] = holder.frame();
        return true;
    }

    /** Gives back what was taken for more; nothing can be added afterwards. */
    HolderColumns finished() {
        resize(size);
        nameNumbers.clear();
        return this;
    }

    private void resize(int length) {
        kinds = Arrays.copyOf(kinds, length);
        names = Arrays.copyOf(names, length);
        above = Arrays.copyOf(above, length);
        threads = Arrays.copyOf(threads, length);
        frames = Arrays.copyOf(frames, length);
    }

    @Override
    public Holder get(int index) {
        boolean underObject = kinds[index] < 0;
        return new Holder(
                KINDS[underObject ? ~kinds[index] : kinds[index]],
                nameTexts.get(names[index]),
                underObject ? DumpRoots.UNDER_OBJECT : (int) above[index],
                underObject ? above[index] : 0,
                threads[index],
                frames[index]);
    }

    @Override
    public int size() {
        return size;
    }
}

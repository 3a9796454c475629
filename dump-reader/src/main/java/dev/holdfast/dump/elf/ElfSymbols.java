package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The symbol table by name and by address; immutable and thread-safe.
 *
 * <p>Names stay in the file; the index costs about 28 bytes a symbol. Symbols of files and sections and undefined ones are
 * left out.
 */
final class ElfSymbols {
    static final ElfSymbols NONE = new ElfSymbols(empty(), empty());

    private static final int ENTRY = 24;
    private static final int MAX_NAME = 1 << 16;
    private static final int MAX_PROBES = 256;
    private static final int STT_SECTION = 3;
    private static final int STT_FILE = 4;
    private static final int STT_TLS = 6;

    private final ByteBuffer table;
    private final ByteBuffer names;

    /** Numbers of symbols + 1 by hash of the name, 0 is free; a power of two, at most half full. */
    private final int[] byName;

    /** Addresses, shifted to signed order, ascending; and the symbol of each. */
    private final long[] addresses;

    private final int[] symbols;

    /** From the contents of {@code .symtab} and {@code .strtab}. */
    ElfSymbols(ByteBuffer table, ByteBuffer names) {
        this.table = table;
        this.names = names;
        int count = table.limit() / ENTRY;
        long[] keys = new long[count];
        int[] kept = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (wanted(i)) {
                kept[n++] = i;
            }
        }
        byName = new int[4 * Integer.highestOneBit(Math.max(1, n))];
        // Names may share bytes, but not so that a forged table takes the square of its length.
        long budget = 16L * names.limit() + (1 << 20);
        int placed = 0;
        for (int k = 0; k < n; k++) {
            if (budget > 0) {
                budget -= place(kept[k]);
            }
            if (type(kept[k]) != STT_TLS) {
                keys[placed] = address(kept[k]) ^ Long.MIN_VALUE;
                kept[placed++] = kept[k];
            }
        }
        // By address, then number, without an object a symbol: the addresses are sorted alone, and the numbers filled
        // in
        // in the file's order.
        addresses = Arrays.copyOf(keys, placed);
        Arrays.sort(addresses);
        symbols = new int[placed];
        int[] filled = new int[placed];
        for (int k = 0; k < placed; k++) {
            int first = lowest(keys[k]);
            symbols[first + filled[first]++] = kept[k];
        }
    }

    /** Value of the symbol of that name, or null. */
    @Nullable
    Long address(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int mask = byName.length - 1;
        for (int slot = hash(wanted) & mask; byName[slot] != 0; slot = slot + 1 & mask) {
            int symbol = byName[slot] - 1;
            if (named(symbol, wanted)) {
                return address(symbol);
            }
        }
        return null;
    }

    /** Name of the symbol that covers the address; one without a size covers all up to the next. */
    @Nullable
    String nameAt(long address) {
        long key = address ^ Long.MIN_VALUE;
        int at = Arrays.binarySearch(addresses, key);
        if (at < 0) {
            at = -at - 2;
        }
        if (at < 0) {
            return null;
        }
        String marker = null;
        int first = lowest(addresses[at]);
        for (int i = first; i < addresses.length && i < first + MAX_PROBES && addresses[i] == addresses[at]; i++) {
            long size = size(symbols[i]);
            if (Long.compareUnsigned(address - address(symbols[i]), size) < 0) {
                return name(symbols[i]);
            }
            if (size == 0 && marker == null) {
                marker = name(symbols[i]);
            }
        }
        return marker;
    }

    private boolean wanted(int symbol) {
        int type = type(symbol);
        int section = table.getShort(symbol * ENTRY + 6) & 0xffff;
        return type != STT_SECTION && type != STT_FILE && section != 0 && nameOffset(symbol) < names.limit();
    }

    /** Returns the length of its name. */
    private int place(int symbol) {
        int start = (int) nameOffset(symbol);
        int end = start;
        int hash = 0;
        for (; end < names.limit() && names.get(end) != 0; end++) {
            hash = 31 * hash + names.get(end);
        }
        int mask = byName.length - 1;
        int slot = spread(hash) & mask;
        // Of a name that many symbols share (a forged table) the first few suffice.
        for (int tries = 0; byName[slot] != 0; slot = slot + 1 & mask) {
            if (++tries > MAX_PROBES) {
                return end - start;
            }
        }
        byName[slot] = symbol + 1;
        return end - start;
    }

    private static int hash(byte[] name) {
        int hash = 0;
        for (byte b : name) {
            hash = 31 * hash + b;
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ mixed >>> 15;
    }

    private boolean named(int symbol, byte[] wanted) {
        long at = nameOffset(symbol);
        if (at + wanted.length > names.limit()) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (names.get((int) at + i) != wanted[i]) {
                return false;
            }
        }
        return at + wanted.length == names.limit() || names.get((int) at + wanted.length) == 0;
    }

    private int lowest(long key) {
        int at = Arrays.binarySearch(addresses, key);
        // The search may hit any of several equal ones.
        int low = 0;
        int high = at;
        while (low < high) {
            int middle = low + high >>> 1;
            if (addresses[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private String name(int symbol) {
        return ElfText.at(names, nameOffset(symbol), MAX_NAME);
    }

    private long nameOffset(int symbol) {
        return table.getInt(symbol * ENTRY) & 0xffffffffL;
    }

    private int type(int symbol) {
        return table.get(symbol * ENTRY + 4) & 0xf;
    }

    private long address(int symbol) {
        return table.getLong(symbol * ENTRY + 8);
    }

    private long size(int symbol) {
        return table.getLong(symbol * ENTRY + 16);
    }

    private static ByteBuffer empty() {
        return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
}

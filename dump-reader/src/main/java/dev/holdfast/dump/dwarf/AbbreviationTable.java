package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The abbreviations units share, by code; immutable. All units of Go's compiler share one of about 50. */
final class AbbreviationTable {
    private final Abbreviation[] dense;
    private final Map<Long, Abbreviation> sparse;

    private AbbreviationTable(Abbreviation[] dense, Map<Long, Abbreviation> sparse) {
        this.dense = dense;
        this.sparse = sparse;
    }

    /** The abbreviation of that code, or null. */
    @Nullable
    Abbreviation get(long code) {
        return code > 0 && code <= dense.length ? dense[(int) code - 1] : sparse.get(code);
    }

    /** Tables that were read, by where they start. */
    static final class Cache {
        private record Key(long offset, int offsetSize, int version) {}

        /** Units of a forged file may each start a table at another byte of the section; this bounds reading it again. */
        private static final int READINGS = 2;

        private final ByteBuffer section;
        private final Map<Key, AbbreviationTable> tables = new HashMap<>();
        private long left;

        Cache(ByteBuffer section) {
            this.section = section;
            this.left = (long) READINGS * section.limit() + (1 << 20);
        }

        AbbreviationTable at(long offset, int offsetSize, int version) {
            Key key = new Key(offset, offsetSize, Math.min(version, 3));
            AbbreviationTable known = tables.get(key);
            if (known == null) {
                known = read(key);
                tables.put(key, known);
            }
            return known;
        }

        private AbbreviationTable read(Key key) {
            if (left <= 0) {
                throw new DamagedDwarfException("tables of abbreviations overlap");
            }
            Cursor cursor = new Cursor(section, key.offset);
            List<Abbreviation> dense = new ArrayList<>();
            Map<Long, Abbreviation> sparse = new HashMap<>();
            try {
                for (long code = cursor.uleb(); code != 0; code = cursor.uleb()) {
                    Abbreviation next = abbreviation(cursor, key);
                    if (code == dense.size() + 1L) {
                        dense.add(next);
                    } else {
                        sparse.putIfAbsent(code, next);
                    }
                }
            } finally {
                left -= cursor.position - key.offset + 16;
            }
            return new AbbreviationTable(dense.toArray(Abbreviation[]::new), sparse);
        }

        private static Abbreviation abbreviation(Cursor cursor, Key key) {
            int tag = (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
            boolean children = cursor.u8() != 0;
            int[] attributes = new int[8];
            int[] forms = new int[8];
            long[] implicit = new long[8];
            int count = 0;
            while (true) {
                int attribute = (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
                int form = (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
                long value = form == Form.IMPLICIT_CONST ? cursor.sleb() : 0;
                if (attribute == 0 && form == 0) {
                    return new Abbreviation(
                            tag,
                            children,
                            Arrays.copyOf(attributes, count),
                            Arrays.copyOf(forms, count),
                            Arrays.copyOf(implicit, count),
                            key.offsetSize,
                            key.version);
                }
                if (count == attributes.length) {
                    attributes = Arrays.copyOf(attributes, 2 * count);
                    forms = Arrays.copyOf(forms, 2 * count);
                    implicit = Arrays.copyOf(implicit, 2 * count);
                }
                attributes[count] = attribute;
                forms[count] = form;
                implicit[count++] = value;
            }
        }
    }
}

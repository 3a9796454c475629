package dev.holdfast.testkit;

import java.util.LinkedHashMap;
import java.util.Map;

/** Gives each text one UTF8 record. */
final class FakeNames {
    private final Map<String, Long> ids = new LinkedHashMap<>();
    private final long first;

    FakeNames(int idSize) {
        this.first = idSize == 8 ? 0x7f00_4000_0000L : 0x0900_0000L;
    }

    /** The text's id, 0 for the empty one: HotSpot writes no empty symbols. */
    long id(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        return ids.computeIfAbsent(text, key -> first + 16L * ids.size());
    }

    void write(HprofWriter out) {
        ids.forEach((text, id) -> out.utf8(id, text));
    }
}

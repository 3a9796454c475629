package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.goruntime.SpanTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Types of objects of which nothing says what they are: one for each size class; immutable. */
final class UntypedNames {
    private final SpanTable spans;
    private final List<DumpType> types = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int[] ofSpan;

    /** Numbers them from 0; 0 is what has no size either. */
    UntypedNames(SpanTable spans) {
        this.spans = spans;
        number("(unknown)");
        ofSpan = new int[spans.count()];
        Map<Long, Integer> known = new HashMap<>();
        for (int span = 0; span < ofSpan.length; span++) {
            int at = span;
            boolean large = spans.sizeClass(span) == 0;
            long shape = (large ? 0 : spans.elementSize(span)) << 1 | (spans.noscan(span) ? 1 : 0);
            ofSpan[span] = known.computeIfAbsent(shape, made -> number(name(at)));
        }
    }

    private String name(int span) {
        String size = spans.sizeClass(span) == 0 ? "large" : spans.elementSize(span) + " bytes";
        return "(unknown " + size + (spans.noscan(span) ? ", no pointers)" : ")");
    }

    private int number(String name) {
        return numbers.computeIfAbsent(name, made -> {
            types.add(type(types.size(), made));
            return types.size() - 1;
        });
    }

    private static DumpType type(int index, String name) {
        return new DumpType(
                index,
                name,
                DumpType.Kind.UNKNOWN,
                -1,
                0,
                false,
                0,
                List.of(),
                List.of(),
                List.of(),
                -1,
                Strength.STRONG,
                "");
    }

    /** The type of an object of a span. */
    int ofSpan(int span) {
        return ofSpan[span];
    }

    /** All of them. */
    List<DumpType> types() {
        return types;
    }
}

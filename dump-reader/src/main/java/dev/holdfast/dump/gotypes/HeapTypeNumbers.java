package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.SpanTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the types that objects turned out to have, by name, and puts the numbers in the column. */
final class HeapTypeNumbers {
    private final GoTypes types;
    private final SpanTable spans;
    private final Claims claims;
    private final FactTable facts;
    private final long[] byRank = new long[16];

    HeapTypeNumbers(GoTypes types, SpanTable spans, Claims claims, FactTable facts) {
        this.types = types;
        this.spans = spans;
        this.claims = claims;
        this.facts = facts;
    }

    HeapTypes number() {
        int[] column = claims.column();
        // First to what is a type and whether it is a row, still by the numbers of GoTypes: 2 * number + row.
        boolean[] used = new boolean[2 * types.count()];
        for (int span = 0; span < spans.count(); span++) {
            for (int slot = spans.firstSlot(span); slot < spans.firstSlot(span) + spans.elements(span); slot++) {
                int claim = claims.begin(slot);
                int rank = Claims.rank(claim);
                byRank[rank]++;
                int shape = shape(claim, rank, span);
                column[slot] = shape == 0 ? 0 : evidence(rank) << HeapTypes.EVIDENCE_SHIFT | shape;
                used[shape] = true;
            }
        }
        List<HeapType> list = new ArrayList<>();
        int[] number = new int[used.length];
        sorted(used, list, number);
        for (int slot = 0; slot < column.length; slot++) {
            int value = column[slot];
            column[slot] = value & ~HeapTypes.TYPE | number[value & HeapTypes.TYPE];
        }
        return new HeapTypes(types, spans, list, column, byRank);
    }

    private static int evidence(int rank) {
        return rank >= Claims.EXACT ? 2 : 1;
    }

    private int shape(int claim, int rank, int span) {
        if (rank <= Claims.PARTIAL) {
            return 0;
        }
        TypeFacts type = facts.of(Claims.type(claim));
        boolean row = Claims.slice(claim);
        long usable = spans.elementSize(span) - spans.header(span);
        if (rank == Claims.HEADER) {
            row |= usable >= 2 * type.size && !Fitness.fills(type.size, spans, span);
        } else if (rank < Claims.FIT_LATE) {
            // A value in a block of several small ones is no row.
            row = usable >= 2 * type.size && !Fitness.tiny(type, spans, span);
        }
        return 2 * Claims.type(claim) + (row && type.type.kind() != GoKind.TEXT ? 1 : 0);
    }

    private void sorted(boolean[] used, List<HeapType> list, int[] number) {
        List<Integer> shapes = new ArrayList<>();
        for (int shape = 2; shape < used.length; shape++) {
            if (used[shape]) {
                shapes.add(shape);
            }
        }
        shapes.sort((a, b) -> {
            HeapType x = heapType(a);
            HeapType y = heapType(b);
            int order = x.name().compareTo(y.name());
            order = order != 0 ? order : Long.compare(x.type().size(), y.type().size());
            order = order != 0 ? order : x.type().kind().compareTo(y.type().kind());
            order = order != 0
                    ? order
                    : Long.compareUnsigned(x.type().descriptor(), y.type().descriptor());
            return order;
        });
        list.add(heapType(0));
        Map<String, Integer> made = new HashMap<>();
        for (int shape : shapes) {
            HeapType type = heapType(shape);
            // What stands behind several channels or maps of one name is one type to the reader.
            String key = type.type().descriptor() != 0
                    ? "" + shape
                    : type.name()
                            + '\0'
                            + type.type().kind()
                            + '\0'
                            + type.type().size();
            number[shape] = made.computeIfAbsent(key, k -> {
                list.add(type);
                return list.size() - 1;
            });
        }
    }

    private HeapType heapType(int shape) {
        return new HeapType(types.get(shape >>> 1), (shape & 1) != 0);
    }
}

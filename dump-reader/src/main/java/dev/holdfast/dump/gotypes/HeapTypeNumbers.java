package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the types that objects turned out to have, by name. */
final class HeapTypeNumbers {
    /** Spans at a time: 16 MiB. */
    private static final int SPANS = 1 << 11;

    private final GoTypes types;
    private final SpanTable spans;
    private final Claims claims;
    private final FactTable facts;
    private final int threads;
    private final long[] byRank = new long[16];

    HeapTypeNumbers(GoTypes types, SpanTable spans, Claims claims, FactTable facts, int threads) {
        this.types = types;
        this.spans = spans;
        this.claims = claims;
        this.facts = facts;
        this.threads = threads;
    }

    HeapTypes number() throws IOException {
        boolean[] used = new boolean[2 * types.count()];
        Workers.run((spans.count() + SPANS - 1) / SPANS, threads, () -> {
            Shapes shapes = new Shapes(used.length);
            return part -> {
                int end = Math.min(spans.count() - part * SPANS, SPANS) + part * SPANS;
                for (int span = part * SPANS; span < end; span++) {
                    shapes.span(span);
                }
                shapes.addTo(used);
            };
        });
        List<HeapType> list = new ArrayList<>();
        int[] number = new int[used.length];
        sorted(used, list, number);
        return new HeapTypes(types, spans, list, claims.column(), number, byRank);
    }

    /** Puts into the column of what type a slot's object is, as 2 * its number in GoTypes, and 1 more for a row. */
    private final class Shapes {
        private final boolean[] used;
        private final long[] ofRank = new long[byRank.length];

        Shapes(int count) {
            used = new boolean[count];
        }

        void span(int span) {
            int[] column = claims.column();
            int end = spans.firstSlot(span) + spans.elements(span);
            int lastClaim = 0;
            int last = 0;
            for (int slot = spans.firstSlot(span); slot < end; slot++) {
                int claim = claims.begin(slot);
                ofRank[Claims.rank(claim)]++;
                if (claim != lastClaim) {
                    lastClaim = claim;
                    last = shape(claim, Claims.rank(claim), span);
                    used[last & HeapTypes.TYPE] = true;
                }
                column[slot] = last;
            }
        }

        void addTo(boolean[] all) {
            synchronized (all) {
                for (int i = 0; i < used.length; i++) {
                    all[i] |= used[i];
                }
                for (int i = 0; i < ofRank.length; i++) {
                    byRank[i] += ofRank[i];
                    ofRank[i] = 0;
                }
            }
        }
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
        int shape = 2 * Claims.type(claim) + (row && type.type.kind() != GoKind.TEXT ? 1 : 0);
        return shape == 0 ? 0 : evidence(rank) << HeapTypes.EVIDENCE_SHIFT | shape;
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

package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.RetainedFrames;
import dev.holdfast.roots.RootNames;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Judgement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What must hold of any verdict, on heaps small enough to find all of it the slow way: what is retained by removing a node
 * and searching again, what stands at a frame by giving each object its frames one by one.
 */
final class CheckedVerdict {
    private final JudgedHeap judged;
    private final HeapSnapshot heap;
    private final NaiveProfiles naive;
    private final BitSet reachable;
    private final Edges edges;

    /** Which references there are. */
    interface Edges {
        boolean has(long source, String via, long target) throws IOException;
    }

    /** With references as they are read from the dump one object at a time. */
    CheckedVerdict(JudgedHeap judged) throws IOException {
        this(
                judged,
                (source, via, target) -> references(judged.heap(), source).stream()
                        .anyMatch(reference -> reference.name().equals(via) && reference.target() == target));
    }

    CheckedVerdict(JudgedHeap judged, Edges edges) throws IOException {
        this.judged = judged;
        this.heap = judged.heap();
        this.naive = new NaiveProfiles(heap);
        this.reachable = judged.reachable();
        this.edges = edges;
    }

    private static List<NamedReference> references(HeapSnapshot heap, long source) throws IOException {
        return heap.dump().readReferences(source, Integer.MAX_VALUE);
    }

    void check(String what) throws IOException {
        long total = judged.bytes(reachable);
        List<Suspect> suspects = judged.verdict().suspects();
        List<Suspect> all = new ArrayList<>(suspects);
        all.addAll(judged.verdict().largest());
        BitSet seen = new BitSet();
        for (Suspect suspect : all) {
            String of = what + ", " + JudgedHeap.path(suspect);
            assertThat(suspect.share()).as(of).isCloseTo((double) suspect.retainedBytes() / total, within(1e-12));
            path(suspect, of);
            BitSet retained = retained(suspect, of);
            assertThat(retained.intersects(seen))
                    .as("%s holds what another does", of)
                    .isFalse();
            seen.or(retained);
            amounts(suspect, of);
        }
        assertThat(suspects).as(what).hasSizeLessThanOrEqualTo(3);
        assertThat(suspects.stream().mapToDouble(Suspect::share).sum()).as(what).isLessThanOrEqualTo(1 + 1e-12);
        List<Boolean> harmless = suspects.stream()
                .map(suspect -> suspect.judgement() != Judgement.SUSPECT)
                .toList();
        assertThat(harmless).as(what).isSorted();
        for (int i = 1; i < suspects.size(); i++) {
            if (harmless.get(i).equals(harmless.get(i - 1))) {
                assertThat(suspects.get(i).retainedBytes())
                        .as(what)
                        .isLessThanOrEqualTo(suspects.get(i - 1).retainedBytes());
            }
        }
    }

    /** The frames of the first steps, the kind of root above them, which goroutines that share them do not hold alone. */
    private static List<String> frames(Suspect suspect, int steps) {
        RootKind kind = suspect.owner().kind();
        boolean named = suspect.path().get(0).kind() == RetainedFrames.Kind.HOLDER;
        List<String> frames = new ArrayList<>();
        frames.add(kind == null || !named ? RootNames.SEVERAL_ROOTS : kind.label());
        for (Suspect.Step step : suspect.path().subList(0, steps)) {
            frames.add(
                    switch (step.kind()) {
                        case FIELD -> step.via() + " " + step.name();
                        case SHARED -> FrameNames.SHARED + " " + step.name();
                        case RECURSIVE -> "(recursive) " + step.name();
                        case HOLDER, OBJECT, DEEPER -> step.name();
                    });
        }
        return frames;
    }

    /** The nodes that stand exactly there. */
    private List<Integer> at(List<String> frames) {
        return reachable.stream()
                .filter(node -> naive.frames(node).equals(frames))
                .boxed()
                .toList();
    }

    private IntStream below(List<String> frames) {
        return reachable.stream().filter(node -> startsWith(naive.frames(node), frames));
    }

    private static boolean startsWith(List<String> all, List<String> first) {
        return all.size() >= first.size() && all.subList(0, first.size()).equals(first);
    }

    /** Each step retains what stands there or below, and is where the one before leads by the field that is named. */
    private void path(Suspect suspect, String of) throws IOException {
        for (int i = 0; i < suspect.path().size(); i++) {
            Suspect.Step step = suspect.path().get(i);
            List<String> frames = frames(suspect, i + 1);
            assertThat(below(frames).mapToLong(heap.graph()::shallowSize).sum())
                    .as("%s, step %s", of, i)
                    .isEqualTo(step.retainedBytes());
            List<Integer> there = at(frames);
            long objects =
                    there.stream().filter(node -> !heap.graph().isHolder(node)).count();
            boolean holder = step.kind() == RetainedFrames.Kind.HOLDER;
            assertThat(step.objects()).as("%s, step %s", of, i).isEqualTo(holder ? 0 : objects);
            if (step.kind() == RetainedFrames.Kind.FIELD) {
                assertThat(there).as("%s, step %s", of, i).contains(step.node());
                assertThat(isLed(at(frames(suspect, i)), String.valueOf(step.via()), step.node()))
                        .as("%s, step %s", of, i)
                        .isTrue();
            }
        }
    }

    private boolean isLed(List<Integer> sources, String via, int target) throws IOException {
        for (int source : sources) {
            if (edges.has(heap.graph().addressOf(source), via, heap.graph().addressOf(target))) {
                return true;
            }
        }
        return false;
    }

    /** Where a path ends: what stands there or below, without what another of it dominates. */
    private IntStream topmost(List<String> frames) {
        return below(frames).filter(node -> {
            int dominator = heap.dominators().immediateDominator(node);
            return dominator < 0 || !startsWith(naive.frames(dominator), frames);
        });
    }

    /** The nodes that nothing else reaches than what a path ends at, each of it removed in turn. */
    private BitSet retained(Suspect suspect, String of) {
        List<String> frames = frames(suspect, suspect.path().size());
        BitSet all = new BitSet();
        topmost(frames).forEach(node -> {
            BitSet own = judged.onlyThrough(node);
            assertThat(own.intersects(all)).as(of).isFalse();
            all.or(own);
        });
        assertThat(judged.bytes(all)).as(of).isEqualTo(suspect.retainedBytes());
        Suspect.Point point = suspect.point();
        if (point != null && point.node() >= 0) {
            assertThat(judged.retainedWithout(point.node())).as(of).isEqualTo(point.retainedBytes());
            assertThat(at(frames)).as(of).containsExactly(point.node());
        }
        return all;
    }

    private void amounts(Suspect suspect, String of) {
        List<Suspect.Amount> amounts = new ArrayList<>(suspect.types());
        if (suspect.elements() != null) {
            amounts.add(suspect.elements());
        }
        List<String> frames = frames(suspect, suspect.path().size());
        for (Suspect.Amount amount : amounts) {
            int[] nodes = below(frames)
                    .filter(node -> !heap.graph().isHolder(node))
                    .filter(node -> naive.name(node).equals(amount.name()))
                    .toArray();
            assertThat(nodes).as("%s, %s", of, amount.name()).hasSize((int) amount.objects());
            assertThat(IntStream.of(nodes).mapToLong(heap.graph()::shallowSize).sum())
                    .as("%s, %s", of, amount.name())
                    .isEqualTo(amount.shallowBytes());
            if (amount.retainedBytes() != Suspect.Amount.UNKNOWN) {
                BitSet retained = new BitSet();
                IntStream.of(nodes).mapToObj(judged::onlyThrough).forEach(retained::or);
                assertThat(judged.bytes(retained))
                        .as("%s, %s", of, amount.name())
                        .isEqualTo(amount.retainedBytes());
            }
        }
    }
}

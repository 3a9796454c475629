package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.DominatorLevels.Row;
import dev.holdfast.testkit.CommittedDump;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The levels of the dominator tree on the page against the tree itself, node by node. */
final class DominatorLevelsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void whatIsShownAndWhatIsLeftOutMakeUpEveryRow() throws IOException {
        try (ProfiledHeap opened = ProfiledHeap.open(CommittedDump.JDK25.copyTo(folder))) {
            HeapSnapshot heap = opened.heap();
            DominatorTree tree = heap.dominators();
            Map<Integer, Integer> dominated = new HashMap<>();
            for (int node = 0; node < tree.nodeCount(); node++) {
                if (tree.reachable(node)) {
                    dominated.merge(tree.immediateDominator(node), 1, Integer::sum);
                }
            }
            Row top = DominatorLevels.of(heap);
            assertThat(top.retained()).isEqualTo(heap.totals().reachableBytes());
            Deque<Row> rows = new ArrayDeque<>();
            rows.add(top);
            int opens = 0;
            int shown = 0;
            while (!rows.isEmpty()) {
                Row row = rows.remove();
                rows.addAll(row.children());
                long shownBytes = 0;
                long last = Long.MAX_VALUE;
                for (Row child : row.children()) {
                    assertThat(tree.immediateDominator(child.node())).isEqualTo(row.node());
                    assertThat(child.level())
                            .isEqualTo(row.level() + 1)
                            .isLessThanOrEqualTo(DominatorLevels.MOST_LEVELS);
                    assertThat(child.retained())
                            .isEqualTo(tree.retainedSize(child.node()))
                            .isLessThanOrEqualTo(last);
                    last = child.retained();
                    shownBytes += child.retained();
                }
                shown += row.children().size();
                if (!row.children().isEmpty()) {
                    opens++;
                    long own = row == top ? 0 : heap.graph().shallowSize(row.node());
                    assertThat(own + shownBytes + row.moreBytes()).isEqualTo(row.retained());
                    assertThat(row.children().size() + row.more())
                            .isEqualTo((long) dominated.getOrDefault(row.node(), 0));
                }
            }
            assertThat(opens).isGreaterThan(20);
            assertThat(shown).isBetween(100, 600);
        }
    }
}

package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Types that come later: rows of 1 to 300 words, whose references were handed out by word. */
final class TypeFillingTest {
    /** Type {@code n} is a row of values of {@code n} words, type 0 is no row. */
    private static final class Rows implements FoundTypes {
        private final int[] type;
        private final int[][] words;

        Rows(int[] type, int[][] words) {
            this.type = type;
            this.words = words;
        }

        @Override
        public void of(int first, int[] into, int count) {
            System.arraycopy(type, first, into, 0, count);
        }

        @Override
        public int period(int type) {
            return type;
        }

        @Override
        public void references(int object, ReferenceSink sink) {
            sink.object(object, 0, 0);
            for (int word : words[object]) {
                sink.reference(0, slot(type[object], word));
            }
        }

        @Override
        public ShallowSizes sizes() {
            throw new AssertionError("not asked for");
        }
    }

    private static int slot(int type, int word) {
        return Math.min(type == 0 ? word : word % type, ReferenceSink.UNNAMED_SLOT);
    }

    @Test
    void slotsAreThoseWithinAValueHoweverLargeTheObject() {
        Random random = new Random(7);
        int objects = 9000;
        int[] type = new int[objects];
        int[][] words = new int[objects][];
        ColumnStore store = ColumnStore.onHeap();
        EdgeListBuilder builder = new EdgeListBuilder(store, objects);
        EdgeCollector collector = builder.open(0);
        for (int object = 0; object < objects; object++) {
            type[object] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 4 : 300);
            words[object] = random.ints(random.nextInt(5), 0, random.nextInt(4) == 0 ? 2000 : 255)
                    .sorted()
                    .distinct()
                    .toArray();
            collector.begin(object);
            for (int word : words[object]) {
                collector.edge(random.nextInt(objects), Math.min(word, ReferenceSink.UNNAMED_SLOT));
            }
        }
        builder.close(collector);
        builder.add(1, 2);
        EdgeList edges = builder.build(false, 1);
        IntColumn types = store.ints(objects);

        new TypeFilling(new Rows(type, words), types, edges).fill(objects, 2);

        for (int object = 0; object < objects; object++) {
            assertThat(types.get(object)).as("object %d", object).isEqualTo(type[object]);
            long edge = edges.first(object);
            for (int word : words[object]) {
                assertThat(edges.slot(edge++))
                        .as("object %d word %d type %d", object, word, type[object])
                        .isEqualTo(slot(type[object], word));
            }
        }
        assertThat(edges.slot(edges.end(1) - 1)).isEqualTo(NodeGraph.UNNAMED);
    }
}

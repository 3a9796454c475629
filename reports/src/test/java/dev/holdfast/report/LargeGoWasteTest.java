package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.waste.Waste;
import dev.holdfast.report.waste.WasteCensus;
import dev.holdfast.report.waste.WasteKind;
import dev.holdfast.stack.FreeSpace;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Waste of Go programs that no core in the project is large enough for, or too complete. */
class LargeGoWasteTest {
    private static final long GIB = 1L << 30;

    private static List<String> rows(Waste waste) {
        List<String> rows = new ArrayList<>();
        waste.each((object, kind, bytes) -> rows.add(kind + " " + object + " " + bytes));
        return rows;
    }

    private static Waste count(HeapSnapshot heap) throws IOException {
        return Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
    }

    @Test
    void stringsAndArraysOfManyGibibytesCount() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        long first = dump.object("[]byte", 3 * GIB);
        long second = dump.object("[]byte", 3 * GIB);
        long longer = dump.object("[]byte", 5 * GIB + 8);
        long shorter = dump.object("[]byte", 5 * GIB);
        long pinned = dump.object("[]main.Row", 9 * GIB);
        long spare = dump.object("[]main.Cell", 6 * GIB);
        dump.global("main.all", first, second, longer, shorter, pinned, spare);
        dump.headers.add(sink -> {
            sink.text(first, 3 * GIB, 1);
            sink.text(second, 3 * GIB, 1);
            // Of two copies that begin at one address the longer one counts.
            sink.text(longer, 5 * GIB + 8, 4);
            for (long part = 3; part <= 5; part++) {
                sink.text(longer, part * GIB, 10 + part);
                sink.text(shorter, part * GIB, 10 + part);
            }
            sink.slice(pinned + GIB, GIB, GIB, 1);
            sink.slice(pinned + 2 * GIB, GIB / 8, GIB / 4, 8);
            sink.slice(spare, GIB, GIB + GIB / 2, 4);
        });
        try (HeapSnapshot heap = dump.open()) {
            Waste waste = count(heap);
            assertThat(rows(waste))
                    .containsExactlyInAnyOrder(
                            WasteKind.DUPLICATE_TEXT + " 1 " + 3 * GIB,
                            WasteKind.DUPLICATE_TEXT + " 3 " + 5 * GIB,
                            // 2 GiB of 9 are shown, and no more than 3 can be.
                            WasteKind.PINNED_ARRAY + " 4 " + 7 * GIB,
                            WasteKind.SPARE_CAPACITY + " 5 " + 2 * GIB);
            assertThat(waste.leftOut()).isZero();
        }
    }

    @Test
    void whatCannotBeComparedIsCountedAndSaid() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        long text = dump.object("[]byte", 64);
        long same = dump.object("[]byte", 64);
        long number = dump.object("int", 8);
        dump.global("main.all", text, same, number);
        dump.headers.add((HeaderSink sink) -> {
            sink.text(text, 64, 0);
            sink.text(same, 64, 0);
            sink.number(number, 8, 0);
        });
        try (HeapSnapshot heap = dump.open()) {
            Waste waste = count(heap);
            assertThat(rows(waste)).isEmpty();
            assertThat(waste.leftOut()).isEqualTo(3);

            RetentionWalk walk = new RetentionWalk(heap);
            walk.run(Progress.NONE);
            WastedHeap wasted = new WastedHeap(heap, Progress.NONE);
            wasted.run();
            WasteSection section = wasted.section(walk);
            String said = "3 strings and numbers could not be compared with others";
            Html html = new Html();
            section.html(html);
            assertThat(html.toString()).contains(said);
            StringWriter data = new StringWriter();
            Json.write(data, section::json);
            assertThat(data.toString()).contains("\"left_out\" : 3");
        }
        try (HeapSnapshot heap = dump.open()) {
            ProfileSet profiles = ProfileSet.of(heap, ProfileLimits.DEFAULT, FreeSpace.ENTRY, true, Progress.NONE);
            assertThat(profiles.warnings()).anyMatch(line -> line.startsWith("waste.pb.gz: 3 strings and numbers"));
        }
    }
}

package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.report.proto.PprofProto;
import dev.holdfast.report.waste.Waste;
import dev.holdfast.report.waste.WasteCensus;
import dev.holdfast.stack.FreeSpace;
import dev.holdfast.testkit.CommittedDump;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasteProfileTest {
    @TempDir
    Path folder;

    private static String json(HeapSnapshot heap) throws IOException {
        StringWriter text = new StringWriter();
        HeapReport.of(heap, Progress.NONE).writeJson(text);
        return text.toString();
    }

    @Test
    void addsUpToTheCensusKindByKindAndIsNotThereUnlessAskedFor() throws IOException {
        try (ProfiledHeap opened = ProfiledHeap.open(CommittedDump.JDK25.copyTo(folder))) {
            HeapSnapshot heap = opened.heap();
            ProfileSet set = ProfileSet.of(heap, ProfiledHeap.EVERYTHING, FreeSpace.ENTRY, true, Progress.NONE);
            Profile written = ProfiledHeap.profile(set, "waste.pb.gz");
            ProfileValidity.check(PprofProto.Profile.parseFrom(written.toByteArray()), Integer.MAX_VALUE);
            ReadProfile profile = ReadProfile.of(written);
            Map<String, Long> bytes = new TreeMap<>();
            long objects = 0;
            for (ReadProfile.Sample sample : profile.samples()) {
                String leaf = sample.stack().get(sample.stack().size() - 1);
                bytes.merge(leaf, sample.values().get(1), Long::sum);
                objects += sample.values().get(0);
            }
            Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
            Map<String, Long> expected = new TreeMap<>();
            for (Waste.Kind kind : waste.kinds()) {
                if (kind.bytes() > 0) {
                    expected.put(kind.kind().label(), kind.bytes());
                }
            }
            assertThat(bytes).isEqualTo(expected);
            assertThat(objects).isEqualTo(waste.objects());
            waste.release();
            assertThat(opened.profiles(ProfileLimits.DEFAULT).profiles())
                    .noneMatch(named -> named.fileName().equals("waste.pb.gz"));
            assertThat(json(heap))
                    .contains("\"counted\" : true", "\"bytes\" : " + waste.bytes())
                    .doesNotContain("key-17");
        }
    }

    @Test
    void aHeapReopenedWithoutItsDumpSaysThatItNeedsTheDump() throws IOException {
        Path index = folder.resolve("heap.idx");
        Path dump = CommittedDump.JDK25.copyTo(folder);
        try (ProfiledHeap opened = ProfiledHeap.open(dump)) {
            opened.heap().saveIndex(index);
        }
        try (HeapSnapshot heap = Holdfast.reopen(index)) {
            WastedHeap wasted = new WastedHeap(heap, Progress.NONE);
            wasted.run();
            assertThat(wasted.missing()).contains("name the dump too");
            Html html = new Html();
            WasteSection.missing(wasted.missing()).html(html);
            assertThat(html.toString()).contains("name the dump too");
        }
    }
}

package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveJvmTest {
    private static final JvmHistogram.Row NONE = new JvmHistogram.Row(0, 0);

    @TempDir
    Path folder;

    private static FakeLayout expectedLayout(int feature) {
        return feature < 23 ? FakeLayout.JDK17 : FakeLayout.JDK25;
    }

    @Test
    void runningJvmIsDumpedWithItsHistogram() throws IOException {
        LiveJvm.Dump dump = LiveJvm.current().dump(LayoutScenario.class, folder, "live", List.of("-XX:+UseSerialGC"));
        RecordWalker walker = new RecordWalker(Files.readAllBytes(dump.file()));
        assertThat(walker.idSize).isEqualTo(8);
        assertThat(walker.subRecords.get(HprofTag.INSTANCE_DUMP)).isGreaterThan(10_000);
        assertThat(dump.settled()).hasSizeGreaterThan(dump.before().rows().size() / 2);
        assertThat(dump.settled())
                .containsEntry(
                        LayoutScenario.Entry.class.getName(),
                        new JvmHistogram.Row(LayoutScenario.LEAK_ENTRIES, 24L * LayoutScenario.LEAK_ENTRIES));
        assertThat(dump.settled()
                        .getOrDefault(ThreadScenes.Local.class.getName(), NONE)
                        .objects())
                .isGreaterThanOrEqualTo(LayoutScenario.threadStates().size());
        assertThat(Files.readString(dump.file(), StandardCharsets.ISO_8859_1)).contains(LayoutScenario.canary());
        assertLayouts(dump, expectedLayout(LiveJvm.current().feature()));
    }

    @Test
    void uncompressedReferencesAreLaidOutAsTheModelSays() {
        LiveJvm jvm = LiveJvm.current();
        LiveJvm.Dump dump = jvm.dump(
                LayoutScenario.class, folder, "wide", List.of("-XX:+UseSerialGC", "-XX:-UseCompressedOops"), "-gz=1");
        FakeLayout compressed = expectedLayout(jvm.feature());
        assertLayouts(dump, new FakeLayout(compressed.header(), 8, 8, compressed.relaxedArrayBase()));
    }

    @Test
    void compactHeadersAreLaidOutAsTheModelSays() {
        LiveJvm jvm = LiveJvm.ofFeature(25).orElse(null);
        assumeTrue(jvm != null, "no JDK 25 found");
        LiveJvm.Dump dump = jvm.dump(
                LayoutScenario.class, folder, "compact", List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
        assertLayouts(dump, FakeLayout.JDK25_COMPACT);
    }

    @Test
    void anOptionThatTheJvmDoesNotKnowIsNotAccepted() {
        assertThat(LiveJvm.current().accepts("-XX:+UseSerialGC")).isTrue();
        assertThat(LiveJvm.current().accepts("-XX:+NoSuchOption")).isFalse();
        assertThat(LiveJvm.at(folder)).isEmpty();
    }

    /** Checks the testkit's own layout model against the JVM. */
    private static void assertLayouts(LiveJvm.Dump dump, FakeLayout layout) {
        int compared = 0;
        Map<String, JvmHistogram.Row> settled = dump.settled();
        for (Class<?> type : LayoutScenario.layoutClasses()) {
            JvmHistogram.Row row = settled.getOrDefault(type.getName(), NONE);
            assertThat(row.objects()).as(type.getName()).isGreaterThanOrEqualTo(3);
            assertThat(row.bytes()).as(type.getName()).isEqualTo(row.objects() * layout.instanceSize(levels(type)));
            compared++;
        }
        assertThat(compared).isGreaterThan(20);
    }

    private static List<List<HprofType>> levels(Class<?> type) {
        List<List<HprofType>> levels = new ArrayList<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            List<HprofType> fields = new ArrayList<>();
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    fields.add(
                            field.getType().isPrimitive()
                                    ? HprofType.valueOf(
                                            field.getType().getName().toUpperCase(java.util.Locale.ROOT))
                                    : HprofType.OBJECT);
                }
            }
            levels.add(fields);
        }
        Collections.reverse(levels);
        return levels;
    }
}

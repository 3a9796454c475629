package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle is the profile that the process itself wrote, shortly before its last collection. */
class HeapProfileTest {
    private static final OpenPrograms PROGRAMS = new OpenPrograms();

    static List<GoFixture> fixtures() {
        return OpenPrograms.fixtures();
    }

    @AfterAll
    static void close() throws IOException {
        PROGRAMS.close();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void hasEveryRecordOfTheProcessWithItsStackAndLabelInItsOrder(GoFixture fixture) throws IOException {
        DecodedProfile theirs = PprofDecoder.decode(fixture.bytes("heap.pb.gz"));
        RecordedProfile ours = heap(fixture);

        assertThat(ProfileKeys.measures(ours)).isEqualTo(ProfileKeys.measures(theirs));
        assertThat(ours.period()).isEqualTo(theirs.period());
        assertThat(ours.defaultSampleType()).isNull();
        // New stacks come first.
        int later = ours.samples().size() - theirs.samples().size();
        assertThat(later).isNotNegative();
        int equal = 0;
        for (int i = 0; i < theirs.samples().size(); i++) {
            DecodedProfile.Sample their = theirs.samples().get(i);
            RecordedProfile.Sample our = ours.samples().get(later + i);
            assertThat(ProfileKeys.of(our)).as("sample %d", i).isEqualTo(ProfileKeys.of(theirs, their));
            // A record that was new then had no size yet.
            if (their.values().get(0) != 0) {
                assertThat(numbers(their)).as("label, sample %d", i).isEqualTo(our.numbers());
            }
            assertThat(our.values().get(0))
                    .as("allocated, sample %d", i)
                    .isGreaterThanOrEqualTo(their.values().get(0));
            equal += our.values().equals(their.values()) ? 1 : 0;
        }
        if (!fixture.name().endsWith("-memprofile1")) {
            assertThat(equal)
                    .as("samples with equal values")
                    .isEqualTo(theirs.samples().size());
        } else {
            // Nearly each stack of the process's own is there; what changed are few stacks that ran again.
            assertThat(equal)
                    .as("samples with equal values")
                    .isGreaterThan(theirs.samples().size() * 9 / 10);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void sumsAreThoseThatTheProcessReadAtTheEnd(GoFixture fixture) throws IOException {
        assumeFalse(fixture.name().endsWith("-churn"), "the program went on");
        Map<?, ?> expected =
                (Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get("memprofile"));
        GoProgram program = PROGRAMS.of(fixture);
        List<ProfileBucket> buckets = new ProfileBuckets(program, false).of(ProfileBuckets.Kind.MEMORY);

        assertThat((long) buckets.size()).isEqualTo(expected.get("records"));
        assertThat(sum(buckets, ProfileBucket::allocations)).isEqualTo(expected.get("alloc_objects_sampled"));
        assertThat(sum(buckets, ProfileBucket::allocatedBytes)).isEqualTo(expected.get("alloc_bytes_sampled"));
        assertThat(sum(buckets, ProfileBucket::inUse)).isEqualTo(expected.get("inuse_objects_sampled"));
        assertThat(sum(buckets, ProfileBucket::inUseBytes)).isEqualTo(expected.get("inuse_bytes_sampled"));
    }

    /** Objects that the process sampled and has not freed have a record each, whatever was published. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void everySampledObjectHasItsSite(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        SpanTable spans = SpanTable.read(program);
        ProfileBuckets now = new ProfileBuckets(program, true);
        AllocationSites sites = SampledObjects.sites(program, spans, new Specials(program), now, program.functions());

        assertThat((long) sites.count()).isEqualTo(sum(now.of(ProfileBuckets.Kind.MEMORY), ProfileBucket::inUse));
        for (int i = 0; i < sites.count(); i++) {
            int slot = spans.slotAt(sites.address(i));
            assertThat(spans.objectAddress(spans.spanOfSlot(slot), slot - spans.firstSlot(spans.spanOfSlot(slot))))
                    .isEqualTo(sites.address(i));
            assertThat(sites.stacks().get(sites.site(i))).isNotEmpty();
        }
        assertThat(program.warnings().list()).noneMatch(DumpWarning::loss);
    }

    @Test
    void samplesAreWeighedByTheirProbability() {
        // 1 / (1 - exp(-1)) = 1.5819767068693265
        assertThat(RecordedProfiles.scaled(10, 10 * 1000, 1000)).containsExactly(15, 15819);
        assertThat(RecordedProfiles.scaled(10, 10 * 1000, 1)).containsExactly(10, 10000);
        assertThat(RecordedProfiles.scaled(0, 0, 1000)).containsExactly(0, 0);
    }

    private static long sum(List<ProfileBucket> buckets, ToLongFunction<ProfileBucket> number) {
        return buckets.stream().mapToLong(number).sum();
    }

    private static RecordedProfile heap(GoFixture fixture) throws IOException {
        GoProgram program = PROGRAMS.of(fixture);
        return new RecordedProfiles(program, new ProfileBuckets(program, false), program.functions())
                .all()
                .get(0);
    }

    private static Map<String, Long> numbers(DecodedProfile.Sample sample) {
        Map<String, Long> numbers = new HashMap<>();
        sample.labels().forEach(label -> numbers.put(label.key(), label.number()));
        return numbers;
    }
}

package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of a core in which single words were changed. */
class DamagedRecordsTest {
    @TempDir
    Path folder;

    private final Warnings warnings = new Warnings();
    private GoFixture fixture;
    private Path core;

    @BeforeEach
    void copy() throws IOException {
        // The smallest: 64 MB.
        fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        core = Files.copy(fixture.core(), folder.resolve("core"));
    }

    @Test
    void bucketsThatLeadIntoACircleEnd() throws IOException {
        long third = buckets().get(2).address();
        write(third + offset("runtime.bucket", "allnext"), third);

        assertThat(buckets()).hasSize(3);
        assertThat(losses()).containsExactly("profile-damaged");
    }

    @Test
    void aStackOfForgedLengthEndsTheList() throws IOException {
        long third = buckets().get(2).address();
        for (long length : new long[] {-1, Long.MIN_VALUE, 1L << 40, 2000}) {
            write(third + offset("runtime.bucket", "nstk"), length);

            assertThat(buckets()).as("%d", length).hasSize(2);
        }
        assertThat(losses()).containsExactly("profile-damaged");
    }

    @Test
    void aBucketOfAnotherProfileEndsTheList() throws IOException {
        write(buckets().get(0).address() + offset("runtime.bucket", "typ"), 2);

        assertThat(buckets()).isEmpty();
        assertThat(losses()).containsExactly("profile-damaged");
    }

    @Test
    void sampledObjectsWhoseBucketIsLostAreCounted() throws IOException {
        int sampled = sites();
        write(buckets().get(1).address() + offset("runtime.bucket", "allnext"), 8);

        assertThat(sites()).isLessThan(sampled);
        assertThat(losses()).contains("profile-damaged", "sample-without-bucket");
    }

    @Test
    void recordsOfObjectsThatLeadIntoACircleEnd() throws IOException {
        List<Long> records = specials();
        write(records.get(records.size() - 1) + offset("runtime.special", "next"), records.get(0));

        assertThat(specials()).isNotEmpty();
        assertThat(losses()).containsExactly("specials-damaged");
    }

    @Test
    void queuesThatLeadIntoACircleEnd() throws IOException {
        try (GoProgram program = open()) {
            long block = program.reader().word(program.layout().address("runtime.allfin"));
            write(block + program.layout().struct("runtime.finBlock").offset("alllink"), block);
            write(block + program.layout().struct("runtime.finBlock").offset("cnt"), -1);
        }

        try (GoProgram program = open()) {
            List<Long> targets = new ArrayList<>();
            new RunQueues(program)
                    .visit(program.reader(), (queue, entry, field, address, target) -> targets.add(target));
            assertThat(targets).isEmpty();
        }
        assertThat(losses()).containsExactly("queue-damaged");
    }

    @Test
    void countersOfAnyValueGiveClassesThatSumToTheTotal() throws IOException {
        try (GoProgram program = open()) {
            write(program.layout().address("runtime.allp") + 8, Long.MAX_VALUE);
        }

        try (GoProgram program = open()) {
            // The list of processors runs into whatever lies behind it.
            MemoryAccounting memory = MemoryAccounting.read(program);
            assertThat(memory == null || memory.classes().size() == 14).isTrue();
            assertThat(RuntimeFacts.read(program, memory)).containsKey("/gc/cycles/total:gc-cycles");
        }
    }

    private List<ProfileBucket> buckets() throws IOException {
        try (GoProgram program = open()) {
            return new ProfileBuckets(program, false).of(ProfileBuckets.Kind.MEMORY);
        }
    }

    private int sites() throws IOException {
        try (GoProgram program = open()) {
            return SampledObjects.sites(
                            program,
                            SpanTable.read(program),
                            new Specials(program),
                            new ProfileBuckets(program, true),
                            program.functions())
                    .count();
        }
    }

    /** Records of the span that has most. */
    private List<Long> specials() throws IOException {
        try (GoProgram program = open()) {
            SpanTable spans = SpanTable.read(program);
            List<Long> most = new ArrayList<>();
            for (int span = 0; span < spans.count(); span++) {
                List<Long> records = new ArrayList<>();
                new Specials(program)
                        .visit(program.reader(), spans, span, (kind, of, element, record) -> records.add(record));
                most = records.size() > most.size() ? records : most;
            }
            return most;
        }
    }

    private int offset(String struct, String field) throws IOException {
        try (GoProgram program = open()) {
            return program.layout().struct(struct).offset(field);
        }
    }

    private GoProgram open() throws IOException {
        return GoProgram.open(core, DumpOptions.DEFAULT.withExecutable(fixture.executable()), warnings);
    }

    private List<String> losses() {
        return warnings.list().stream()
                .filter(DumpWarning::loss)
                .map(DumpWarning::code)
                .toList();
    }

    private void write(long address, long word) throws IOException {
        long at = -1;
        try (ElfFile file = ElfFile.open(core)) {
            for (ElfFile.Segment segment : file.segments()) {
                long offset = address - segment.address();
                if (segment.type() == 1 && offset >= 0 && offset < segment.fileSize()) {
                    at = segment.offset() + offset;
                }
            }
        }
        assertThat(at).as("0x%x is in the core", address).isNotNegative();
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, word);
        try (FileChannel channel = FileChannel.open(core, StandardOpenOption.WRITE)) {
            channel.write(bytes, at);
        }
    }
}

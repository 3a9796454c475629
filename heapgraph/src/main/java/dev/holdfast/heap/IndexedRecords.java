package dev.holdfast.heap;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.RecordedProfile.Measure;
import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.ThreadWaits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a runtime recorded beside the heap, in an index; decoded when it is first asked for.
 *
 * @param sites where objects were allocated
 * @param memory the runtime's accounting
 * @param stacks what stack memory is used for
 * @param profiles what the runtime kept
 * @param waits what threads wait for
 */
record IndexedRecords(
        AllocationSites sites,
        List<MemoryClass> memory,
        StackMemory stacks,
        List<RecordedProfile> profiles,
        ThreadWaits waits) {
    private static final StackArea.Kind[] AREAS = StackArea.Kind.values();

    static void write(IndexOutput out, DumpFile dump) {
        AllocationSites sites = dump.allocationSites();
        out.list(sites.stacks(), stack -> IndexedThreads.frames(out, stack));
        out.number(sites.count());
        for (int i = 0; i < sites.count(); i++) {
            out.word(sites.address(i));
            out.number(sites.site(i));
        }
        out.list(dump.memoryClasses(), memory -> {
            out.text(memory.name());
            out.signed(memory.bytes());
        });
        StackMemory stacks = dump.stackMemory();
        out.signed(stacks.recordedBytes());
        out.signed(stacks.systemBytes());
        out.list(stacks.areas(), area -> {
            out.number(area.kind().ordinal());
            out.flag(area.counted());
            out.signed(area.count());
            out.signed(area.bytes());
        });
        out.list(dump.recordedProfiles(), profile -> {
            out.text(profile.name());
            out.list(profile.sampleTypes(), type -> measure(out, type));
            measure(out, profile.periodType());
            out.signed(profile.period());
            out.text(profile.defaultSampleType());
            out.list(profile.samples(), sample -> sample(out, sample));
        });
        IndexedThreads.waits(out, dump.waits());
    }

    private static void measure(IndexOutput out, Measure measure) {
        out.text(measure.type());
        out.text(measure.unit());
    }

    private static void sample(IndexOutput out, RecordedProfile.Sample sample) {
        out.list(sample.stack(), location -> {
            out.word(location.address());
            IndexedThreads.frames(out, location.frames());
        });
        out.list(sample.values(), out::signed);
        IndexedThreads.texts(out, sample.labels());
        out.number(sample.numbers().size());
        sample.numbers().forEach((name, number) -> {
            out.text(name);
            out.signed(number);
        });
    }

    static IndexedRecords read(IndexInput in) throws DumpFormatException {
        return new IndexedRecords(
                sites(in),
                List.copyOf(in.list(2, () -> new MemoryClass(in.text(), in.signed()))),
                new StackMemory(
                        in.signed(),
                        in.signed(),
                        in.list(4, () -> new StackArea(in.constant(AREAS), in.flag(), in.signed(), in.signed()))),
                List.copyOf(in.list(7, () -> profile(in))),
                IndexedThreads.waits(in));
    }

    private static AllocationSites sites(IndexInput in) throws DumpFormatException {
        List<List<StackFrame>> stacks = in.list(1, () -> IndexedThreads.frames(in));
        int count = in.count(9);
        long[] addresses = new long[count];
        int[] sites = new int[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = in.word();
            sites[i] = in.upTo(stacks.size() - 1L, "allocation site");
        }
        return new AllocationSites(addresses, sites, stacks);
    }

    private static RecordedProfile profile(IndexInput in) throws DumpFormatException {
        String name = in.text();
        List<Measure> types = List.copyOf(in.list(2, () -> measure(in)));
        return new RecordedProfile(
                name,
                types,
                measure(in),
                in.signed(),
                in.optionalText(),
                List.copyOf(in.list(4, () -> sample(in, types.size()))));
    }

    private static Measure measure(IndexInput in) throws DumpFormatException {
        return new Measure(in.text(), in.text());
    }

    private static RecordedProfile.Sample sample(IndexInput in, int types) throws DumpFormatException {
        List<RecordedProfile.Location> stack =
                in.list(9, () -> new RecordedProfile.Location(in.word(), IndexedThreads.frames(in)));
        List<Long> values = in.list(1, in::signed);
        if (values.size() != types) {
            throw in.damaged(values.size() + " values of " + types + " kinds");
        }
        Map<String, String> labels = IndexedThreads.texts(in);
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (int left = in.count(2); left > 0; left--) {
            numbers.put(in.text(), in.signed());
        }
        return new RecordedProfile.Sample(List.copyOf(stack), new ArrayList<>(values), labels, numbers);
    }
}

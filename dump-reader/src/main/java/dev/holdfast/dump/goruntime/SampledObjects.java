package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.RecordedProfile.Location;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the objects that the memory profile sampled to the stacks that allocated them.
 *
 * <p>The runtime hangs a record on each sampled object that leads to its bucket. Stateless.
 */
public final class SampledObjects {
    private SampledObjects() {}

    /**
     * Allocation sites of all sampled objects, of several in one block of tiny values those of the first.
     *
     * <p>A record that leads to no known bucket is left out and counted as a loss.
     */
    public static AllocationSites sites(
            GoProgram program, SpanTable spans, Specials specials, ProfileBuckets buckets, FunctionTable functions) {
        Map<Long, ProfileBucket> byAddress = new HashMap<>();
        for (ProfileBucket bucket : buckets.of(ProfileBuckets.Kind.MEMORY)) {
            byAddress.put(bucket.address(), bucket);
        }
        if (byAddress.isEmpty()) {
            return AllocationSites.NONE;
        }
        Collector found = new Collector(spans, byAddress);
        MemoryReader reader = program.reader();
        specials.visit(reader, spans, (kind, span, element, record) -> {
            if (kind == Specials.Kind.PROFILE) {
                found.add(span, element, bucketOf(specials, reader, record));
            }
        });
        program.warnings()
                .loss("sample-without-bucket", -1, "sampled objects lead to no bucket of the profile", found.lost);
        RecordedStacks stacks = new RecordedStacks(functions, program.version());
        List<List<StackFrame>> sites = new ArrayList<>();
        for (ProfileBucket bucket : found.buckets) {
            List<StackFrame> frames = new ArrayList<>();
            for (Location location : stacks.ofAllocation(bucket.stack())) {
                frames.addAll(location.frames());
            }
            sites.add(List.copyOf(frames));
        }
        return new AllocationSites(
                Arrays.copyOf(found.addresses, found.count), Arrays.copyOf(found.sites, found.count), sites);
    }

    private static long bucketOf(Specials specials, MemoryReader reader, long record) {
        try {
            return specials.bucket(reader, record);
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    /** Collects objects, which come in ascending order. */
    private static final class Collector {
        private final SpanTable spans;
        private final Map<Long, ProfileBucket> byAddress;
        private final Map<Long, Integer> siteOf = new HashMap<>();
        private final List<ProfileBucket> buckets = new ArrayList<>();
        private long[] addresses = new long[64];
        private int[] sites = new int[64];
        private int count;
        private long lost;

        Collector(SpanTable spans, Map<Long, ProfileBucket> byAddress) {
            this.spans = spans;
            this.byAddress = byAddress;
        }

        void add(int span, int element, long bucket) {
            ProfileBucket known = byAddress.get(bucket);
            if (known == null) {
                lost++;
                return;
            }
            long object = spans.objectAddress(span, element);
            if (count > 0 && addresses[count - 1] == object) {
                return;
            }
            if (count == addresses.length) {
                addresses = Arrays.copyOf(addresses, count * 2);
                sites = Arrays.copyOf(sites, count * 2);
            }
            Integer site = siteOf.get(bucket);
            if (site == null) {
                site = buckets.size();
                siteOf.put(bucket, site);
                buckets.add(known);
            }
            addresses[count] = object;
            sites[count++] = site;
        }
    }
}

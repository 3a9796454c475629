package dev.holdfast.dump.gocore;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.MemoryAccounting;
import dev.holdfast.dump.goruntime.ProfileBuckets;
import dev.holdfast.dump.goruntime.RecordedProfiles;
import dev.holdfast.dump.goruntime.RuntimeFacts;
import dev.holdfast.dump.goruntime.SampledObjects;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.Specials;
import dev.holdfast.dump.gostack.StackAreas;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's own records of a program; immutable.
 *
 * @param allocationSites where sampled objects were allocated
 * @param memoryClasses memory by class
 * @param facts settings and counters
 * @param profiles as the runtime would have served them
 * @param stacks what stack memory serves beside goroutines
 * @param identities figures that must agree
 */
record GoRecords(
        AllocationSites allocationSites,
        List<MemoryClass> memoryClasses,
        Map<String, String> facts,
        List<RecordedProfile> profiles,
        StackMemory stacks,
        List<DumpIdentity> identities) {

    static GoRecords read(
            GoProgram program, SpanTable spans, FunctionTable functions, GoRoots roots, boolean profileNow) {
        ProfileBuckets buckets = new ProfileBuckets(program, profileNow);
        MemoryAccounting memory = MemoryAccounting.read(program);
        List<StackArea> areas = StackAreas.read(program, spans, roots.goroutines());
        StackMemory stacks = memory == null
                ? new StackMemory(-1, -1, areas)
                : new StackMemory(memory.stackInUse(), memory.systemStacks(), areas);
        return new GoRecords(
                SampledObjects.sites(program, spans, new Specials(program), buckets, functions),
                memory == null ? List.of() : memory.classes(),
                RuntimeFacts.read(program, memory),
                new RecordedProfiles(program, buckets, functions).all(),
                stacks,
                identities(spans, memory, roots.threads(), stacks));
    }

    private static List<DumpIdentity> identities(
            SpanTable spans, @Nullable MemoryAccounting memory, List<DumpThread> threads, StackMemory stacks) {
        List<DumpIdentity> identities = new ArrayList<>();
        long objects = spans.allocatedBytes();
        identities.add(new DumpIdentity(
                "live + dead + free slots = bytes of spans",
                spans.totalBytes(),
                objects + spans.freeBytes() + spans.tailBytes()));
        if (memory != null) {
            identities.addAll(memory.identities(spans.totalBytes(), spans.manualBytes()));
            if (memory.settled()) {
                identities.add(new DumpIdentity(
                        "goroutines, threads and free stacks = stacks in use",
                        stacks.recordedBytes(),
                        stacks.bytes(threads)));
                identities.add(new DumpIdentity("live + dead slots = objects in use", memory.objectBytes(), objects));
            }
        }
        return List.copyOf(identities);
    }
}

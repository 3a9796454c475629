package dev.holdfast.dump.gocore;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import java.util.List;
import java.util.Map;

/** The runtime's own records of a program; immutable. */
final class GoRecords {
    private final AllocationSites sites = AllocationSites.NONE;

    GoRecords(GoProgram program, DumpOptions options, SpanTable spans) {}

    AllocationSites allocationSites() {
        return sites;
    }

    List<MemoryClass> memoryClasses() {
        return List.of();
    }

    Map<String, String> facts() {
        return Map.of();
    }

    List<RecordedProfile> profiles() {
        return List.of();
    }

    List<DumpIdentity> identities() {
        return List.of();
    }
}

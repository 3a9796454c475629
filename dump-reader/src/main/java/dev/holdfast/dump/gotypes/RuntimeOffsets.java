package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.RuntimeLayout;

/** Where following values looks beside the pointer itself; immutable. Usual places where the layout leaves them out. */
final class RuntimeOffsets {
    /** The channel's element type. */
    final int elementType;

    /** Elements in the channel's buffer, from the pointer to it. */
    final int bufferCount;

    /** Length of a map's directory, from the pointer to it. */
    final int directoryLength;

    /** The dynamic type in a method table. */
    final int tableType;

    /** Values in a channel. */
    final int channelCount;

    /** Places of a channel. */
    final int channelPlaces;

    /** Bytes of a channel's elements, 16 bits. */
    final int channelElementBytes;

    private final int tableInterface;

    RuntimeOffsets(RuntimeLayout layout) {
        elementType = PlanCompiler.offset(layout, "runtime.hchan", "elemtype", 32);
        bufferCount = PlanCompiler.offset(layout, "runtime.hchan", "dataqsiz", 8)
                - PlanCompiler.offset(layout, "runtime.hchan", "buf", 16);
        directoryLength = PlanCompiler.offset(layout, "internal/runtime/maps.Map", "dirLen", 24)
                - PlanCompiler.offset(layout, "internal/runtime/maps.Map", "dirPtr", 16);
        channelCount = PlanCompiler.offset(layout, "runtime.hchan", "qcount", 0);
        channelPlaces = PlanCompiler.offset(layout, "runtime.hchan", "dataqsiz", 8);
        channelElementBytes = PlanCompiler.offset(layout, "runtime.hchan", "elemsize", 24);
        String table = layout.hasStruct("internal/abi.ITab") ? "internal/abi.ITab" : "runtime.itab";
        tableType = PlanCompiler.offset(layout, table, "Type", PlanCompiler.offset(layout, table, "_type", 8));
        tableInterface = PlanCompiler.offset(layout, table, "Inter", PlanCompiler.offset(layout, table, "inter", 0));
    }

    /** Whether a method table lies at the address: it starts with an interface type. */
    boolean isMethodTable(GoTypes types, MemoryReader memory, long address) {
        return (address & 7) == 0
                && types.ofDescriptor(memory.word(address + tableInterface)).kind() == GoKind.INTERFACE;
    }
}

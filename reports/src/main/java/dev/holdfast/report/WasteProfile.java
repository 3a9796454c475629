package dev.holdfast.report;

import java.util.List;

/** {@code waste.pb.gz}: what is wasted, at its holder's path in the dominator tree; leaves are kinds of waste. */
final class WasteProfile {
    private static final ValueType OBJECTS = new ValueType("waste_objects", "count");
    private static final ValueType SPACE = new ValueType("waste_space", "bytes");

    private WasteProfile() {}

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(OBJECTS, SPACE), SPACE).period(SPACE, 1);
    }

    static Profile of(WasteHolders holders, ProfileBuilder builder, ProfileLimits limits) {
        holders.addTo(builder);
        return builder.build(limits);
    }
}

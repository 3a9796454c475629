package dev.holdfast.dump.hprof;

/** How the size of the instances of a class was found. */
enum Sizing {
    /** Computed by the field rule from the fields in the dump. */
    RULE,
    /** Computed by the field rule with fields or padding that the VM is known to add. */
    KNOWN_ADDITION,
    /** Taken from the distance between instances and the objects behind them. */
    SPACING,
    /** Every object has a size of its own. */
    INDIVIDUAL,
    /** Computed by a layout for which the dump gives no evidence. */
    ASSUMED
}

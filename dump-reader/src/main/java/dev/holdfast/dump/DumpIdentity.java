package dev.holdfast.dump;

/**
 * Two figures of a dump that must agree.
 *
 * @param name what is compared
 * @param expected what the runtime itself recorded
 * @param actual what Holdfast counted
 */
public record DumpIdentity(String name, long expected, long actual) {
    /** Whether they agree. */
    public boolean holds() {
        return expected == actual;
    }
}

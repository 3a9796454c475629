package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFile.NamedReference;
import java.io.IOException;

/** Finds what the program's source calls a stored reference. */
final class ReferenceNames {
    /** The longest list of references that is read to name one of them; types have at most 65535 fields. */
    private static final int MOST_NAMES = 1 << 18;

    /** What a thread refers to from its frames, where frames are no nodes of their own. */
    private static final String LOCAL = "<local variable>";

    private ReferenceNames() {}

    /** Name of a reference of an object. */
    static String name(DumpFile dump, ObjectGraph graph, int source, long number) throws IOException {
        int slot = graph.slot(number);
        long address = graph.addressOf(source);
        if (slot != NodeGraph.UNNAMED) {
            return dump.referenceName(address, graph.typeOf(source), slot);
        }
        // References of one object come in the same order in the dump and in the graph, but the graph lacks those that
        // lead nowhere: so the n-th to this target is the n-th to this target.
        int target = graph.target(number);
        int before = 0;
        for (long e = graph.firstReference(source); e < number; e++) {
            if (graph.target(e) == target) {
                before++;
            }
        }
        long targetAddress = graph.addressOf(target);
        for (NamedReference named : dump.readReferences(address, MOST_NAMES)) {
            if (named.target() == targetAddress && before-- == 0) {
                return named.name();
            }
        }
        return LOCAL;
    }
}

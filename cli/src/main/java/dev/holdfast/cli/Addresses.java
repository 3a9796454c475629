package dev.holdfast.cli;

import dev.holdfast.heap.HeapSnapshot;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Finds the objects that a user names by address. */
final class Addresses {
    private Addresses() {}

    /** The object at the address or, if it is interior, around it; a usage error if there is none. */
    static int object(HeapSnapshot heap, long address, CommandSpec command) {
        int object = heap.graph().indexOf(address);
        if (object < 0) {
            object = heap.graph().containing(address);
        }
        if (object < 0) {
            throw new ParameterException(
                    command.commandLine(), "the dump has no object at 0x" + Long.toHexString(address));
        }
        return object;
    }
}

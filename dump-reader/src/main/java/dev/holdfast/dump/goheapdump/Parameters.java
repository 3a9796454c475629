package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.goruntime.GoVersion;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime says of itself at the start of a dump.
 *
 * @param arenaStart lowest address of the heap
 * @param arenaEnd address behind the heap
 * @param architecture Go's name of the processor
 * @param version the release as the program states it
 * @param processors how many processors the program saw
 */
record Parameters(long arenaStart, long arenaEnd, String architecture, String version, long processors) {
    /** The release, or null if the text names none. */
    @Nullable
    GoVersion release() {
        return GoVersion.parse(version);
    }

    boolean inArena(long address) {
        return Long.compareUnsigned(address, arenaStart) >= 0 && Long.compareUnsigned(address, arenaEnd) < 0;
    }
}

package dev.holdfast.dump;

import java.util.List;

/**
 * What earlier calls left in the free part of a stack; immutable.
 *
 * <p>The words may be of several calls, made at different times, and of a goroutine that had the memory before.
 *
 * @param frames leaf first: by address, the deepest first
 * @param freeBytes the free part of the stack
 * @param scannedBytes how much of it, next to the stack pointer, was looked at: the rest is too much or not in the dump
 */
public record GhostFrames(List<GhostFrame> frames, long freeBytes, long scannedBytes) {
    /** Of a thread whose free stack is unknown. */
    public static final GhostFrames NONE = new GhostFrames(List.of(), 0, 0);

    /** Copies the list. */
    public GhostFrames {
        frames = List.copyOf(frames);
    }

    /** Whether a part was not looked at. */
    public boolean cut() {
        return scannedBytes < freeBytes;
    }
}

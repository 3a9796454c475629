package dev.holdfast.dump.goheapdump;

/**
 * A goroutine as a dump records it.
 *
 * @param address its {@code runtime.g}
 * @param sp where its stack ends
 * @param id its number
 * @param createdBy program counter behind the statement that started it
 * @param status the runtime's number for what it does
 * @param system whether it belongs to the runtime
 * @param waitReason why it waits; may be empty
 * @param context closure of the function it is about to run, or 0
 */
record GoroutineRecord(
        long address, long sp, long id, long createdBy, long status, boolean system, String waitReason, long context) {}

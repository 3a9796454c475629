package dev.holdfast.dump.gostack;

/**
 * The variable of a frame in which a slot lies.
 *
 * @param name as declared; {@code &x} for the pointer to one that escaped to the heap
 * @param function that declares it, which may be inlined into the frame's
 * @param type offset of its type in the debugging information
 * @param offset of the slot in the variable
 * @param parameter whether it is a parameter or result
 * @param here whether the debugging information says so of the very place, not only of others in the same function
 */
public record SlotVariable(String name, String function, long type, long offset, boolean parameter, boolean here) {}

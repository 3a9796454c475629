package dev.holdfast.dump.gostack;

import dev.holdfast.dump.pclntab.GoFunction;

/**
 * Code that made a call; immutable.
 *
 * @param function that contains it
 * @param returnAddress behind the call
 * @param stackDelta bytes that the function has pushed there, without its return address
 * @param target entry of what it calls, or {@link CallInstructions#INDIRECT}
 */
record CallSite(GoFunction function, long returnAddress, int stackDelta, long target) {}

package dev.holdfast.dump;

import java.util.Locale;

/**
 * A call whose return address lies in the free part of a stack: evidence that the stack was so deep once. Its frame is not
 * there any more, and counts nowhere.
 *
 * <p>Its caller is known where that one's frame begins right at the end of this one's, and its code can make the call.
 *
 * @param call the function that made a call, where, and the stack memory that its frame took
 * @param bytesBelow from the stack pointer down to the return address
 * @param caller index of the ghost that called the function, or -1
 * @param liveCaller index among the thread's frames of the live function that called it, or -1
 * @param chain where its callers lead to
 */
public record GhostFrame(StackFrame call, long bytesBelow, int caller, int liveCaller, Chain chain) {
    /** Whether its callers lead to a live frame without a gap. */
    public boolean linked() {
        return chain == Chain.LIVE;
    }

    /** Where the callers of a ghost lead to. */
    public enum Chain {
        /** To a live frame: the thread itself made these calls, unless another like it had the stack before. */
        LIVE,
        /**
         * To where live frames stand now, or calls that these made later: the thread made them, or one that had the stack
         * before.
         */
        OVERWRITTEN,
        /** They break off in the free part: what had the memory before may have made them. */
        BROKEN;

        /** As output names it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package dev.holdfast.dump;

/**
 * Receives the progress of long work and may cancel it.
 *
 * <p>Called from several threads at once; an implementation must bear that and return quickly.
 */
public interface Progress {
    /** Shows nothing and never cancels. */
    Progress NONE = new Progress() {
        @Override
        public void phase(String name, long total) {}

        @Override
        public void advance(long done) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    /**
     * A new phase begins; the one before it has ended.
     *
     * @param name what is done, a few words for a person
     * @param total units of work in the phase (bytes or objects), or -1 where that is unknown
     */
    void phase(String name, long total);

    /** Units done since the phase began (not since the last call); calls of parallel workers may arrive out of order. */
    void advance(long done);

    /** Whether the user wants the work to stop. */
    boolean cancelled();

    /**
     * Stops the work if it was cancelled.
     *
     * @throws CanceledException if {@link #cancelled()}
     */
    default void check() {
        if (cancelled()) {
            throw new CanceledException();
        }
    }

    /** The same for work beside a phase that is shown: it can be cancelled, but shows nothing. */
    default Progress unseen() {
        Progress seen = this;
        return new Progress() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advance(long done) {}

            @Override
            public boolean cancelled() {
                return seen.cancelled();
            }
        };
    }
}

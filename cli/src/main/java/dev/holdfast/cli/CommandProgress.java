package dev.holdfast.cli;

import dev.holdfast.dump.Progress;
import org.jspecify.annotations.Nullable;

/** Feeds the timings and, where there is one, the progress bar; thread-safe. */
final class CommandProgress implements Progress {
    private final Interruption interruption;
    private final Timings timings;
    private final @Nullable TerminalBar bar;

    CommandProgress(Interruption interruption, Timings timings, @Nullable TerminalBar bar) {
        this.interruption = interruption;
        this.timings = timings;
        this.bar = bar;
    }

    @Override
    public void phase(String name, long total) {
        timings.phase(name);
        if (bar != null) {
            bar.phase(name, total);
        }
    }

    @Override
    public void advance(long done) {
        if (bar != null) {
            bar.advance(done);
        }
    }

    @Override
    public boolean cancelled() {
        return interruption.requested();
    }

    /** Wipes the bar so that a line can be printed; it comes back with the next phase. */
    void pauseBar() {
        if (bar != null) {
            bar.wipe();
        }
    }

    /** The last phase has ended. */
    void end() {
        timings.end();
        pauseBar();
    }
}

package dev.holdfast.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar for the phase at work, with its units and the time left; wiped when the phase ends. Thread-safe. */
final class TerminalBar {
    private static final int REDRAW_MILLIS = 200;
    private static final long MANY = 10_000_000;

    private final PrintWriter err;
    private final int columns;
    private @Nullable ProgressBar bar;
    private long furthest;

    TerminalBar(PrintWriter err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    synchronized void phase(String name, long total) {
        wipe();
        furthest = 0;
        boolean many = total >= MANY;
        bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setUnit(many ? "M" : "", many ? 1_000_000 : 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .continuousUpdate()
                .setConsumer(new Line())
                .build();
    }

    /** Reports of parallel workers overtake each other; the bar only goes forward. */
    synchronized void advance(long done) {
        if (bar != null && done > furthest) {
            furthest = done;
            bar.stepTo(done);
        }
    }

    synchronized void wipe() {
        if (bar != null) {
            bar.close();
            bar = null;
            // Ours to do: the library does not clear a bar that it had no time to draw twice.
            err.print("\r" + " ".repeat(columns - 1) + "\r");
            err.flush();
        }
    }

    /** One line of the terminal, drawn over and over. Our own, because the library's asks a native library for the width. */
    private final class Line implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return columns - 1;
        }

        @Override
        public void accept(String text) {
            err.print("\r" + text);
            err.flush();
        }

        @Override
        public void close() {
            err.flush();
        }
    }
}

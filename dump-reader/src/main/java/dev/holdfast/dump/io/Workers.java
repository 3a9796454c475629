package dev.holdfast.dump.io;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Runs numbered tasks on a few threads that live as long as the call; the first failure stops all and is thrown. */
public final class Workers {
    private Workers() {}

    /** What a worker does with a task. */
    public interface Task {
        void run(int task) throws IOException;
    }

    /** Makes what one worker needs for itself. */
    public interface Worker {
        Task begin() throws IOException;
    }

    /** Runs the tasks in ascending order, as far as threads allow. */
    public static void run(int tasks, int threads, Worker worker) throws IOException {
        int count = Math.max(1, Math.min(threads, tasks));
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable loop = () -> {
            try {
                Task task = worker.begin();
                for (int i = next.getAndIncrement(); i < tasks && failure.get() == null; i = next.getAndIncrement()) {
                    task.run(i);
                }
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
        };
        Thread[] others = new Thread[count - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(loop, "holdfast-worker-" + (i + 1));
            others[i].setDaemon(true);
            others[i].start();
        }
        loop.run();
        boolean interrupted = false;
        for (Thread other : others) {
            while (true) {
                try {
                    other.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow(failure.get());
    }

    private static void rethrow(@org.jspecify.annotations.Nullable Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}

package dev.holdfast.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs a few tasks side by side and waits for all of them; the first failure in their order is thrown. */
final class Workers {
    private Workers() {}

    /** Runs all tasks; with one thread one after the other, in this thread. */
    static void run(int threads, List<Runnable> tasks) {
        if (threads == 1 || tasks.size() == 1) {
            tasks.forEach(Runnable::run);
            return;
        }
        List<FutureTask<?>> futures = new ArrayList<>();
        for (Runnable task : tasks) {
            FutureTask<?> future = new FutureTask<>(task, null);
            Thread thread = new Thread(future, "holdfast-graph");
            thread.setDaemon(true);
            thread.start();
            futures.add(future);
        }
        boolean interrupted = false;
        Throwable failure = null;
        for (FutureTask<?> future : futures) {
            while (true) {
                try {
                    future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    continue;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                }
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}

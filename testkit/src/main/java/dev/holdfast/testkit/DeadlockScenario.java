package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads that wait for one another, and some that only look so: {@code lock-0} to {@code lock-2} in a ring of locks,
 * {@code behind-0} waits for one of these and {@code behind-1} for that one, {@code monitor-0} and {@code monitor-1} in a
 * ring of monitors, {@code waiter} for a lock whose owner {@code owner} only sleeps, {@code timed} with a limit of time.
 */
@SuppressWarnings({"LockNotBeforeTry", "SynchronizeOnNonFinalField", "NestedSynchronized"})
public final class DeadlockScenario implements Scenario {
    private static final long FOREVER_MILLIS = 1_000_000_000L;

    private final List<Thread> threads = new ArrayList<>();

    private interface Body {
        void run() throws InterruptedException;
    }

    private Thread start(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
        return thread;
    }

    private static void await(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public Object build() throws Exception {
        Lock[] locks = {
            new ReentrantLock(), new ReentrantLock(true), new ReentrantReadWriteLock().writeLock(),
        };
        CountDownLatch all = new CountDownLatch(locks.length);
        for (int i = 0; i < locks.length; i++) {
            Lock own = locks[i];
            Lock next = locks[(i + 1) % locks.length];
            start("lock-" + i, () -> both(own, next, all));
        }
        all.await();
        for (Thread thread : List.copyOf(threads)) {
            await(thread, Thread.State.WAITING);
        }
        Lock behind = new ReentrantLock();
        CountDownLatch first = new CountDownLatch(1);
        await(start("behind-0", () -> both(behind, locks[0], first)), Thread.State.WAITING);
        await(start("behind-1", behind::lock), Thread.State.WAITING);

        Object left = new ArrayList<>();
        Object right = new ArrayList<>();
        CountDownLatch two = new CountDownLatch(2);
        Thread one = start("monitor-0", () -> both(left, right, two));
        Thread other = start("monitor-1", () -> both(right, left, two));
        await(one, Thread.State.BLOCKED);
        await(other, Thread.State.BLOCKED);

        Lock slow = new ReentrantLock();
        await(
                start("owner", () -> {
                    slow.lock();
                    Thread.sleep(FOREVER_MILLIS);
                }),
                Thread.State.TIMED_WAITING);
        await(start("waiter", slow::lock), Thread.State.WAITING);
        Lock mutual = new ReentrantLock();
        CountDownLatch taken = new CountDownLatch(1);
        await(
                start("timed", () -> {
                    mutual.lock();
                    taken.countDown();
                    locks[0].tryLock(FOREVER_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
                }),
                Thread.State.TIMED_WAITING);
        return List.of(threads, locks);
    }

    private static void both(Lock own, Lock next, CountDownLatch ready) throws InterruptedException {
        own.lock();
        ready.countDown();
        ready.await();
        next.lock();
    }

    private static void both(Object own, Object next, CountDownLatch ready) throws InterruptedException {
        synchronized (own) {
            ready.countDown();
            ready.await();
            synchronized (next) {
                ready.countDown();
            }
        }
    }
}

package dev.holdfast.testkit;

import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that stand still, or spin, in a known state with known locals: each holds a {@link Local} in a frame of {@code hold}. Names begin with
 * {@code scene-}.
 */
@SuppressWarnings({"ThreadPriorityCheck", "WaitNotInLoop", "ThreadLocalUsage"})
final class ThreadScenes {
    /** The state each thread is in when dumped, by thread name. */
    static final Map<String, Thread.State> STATES = Map.of(
            "scene-blocked", Thread.State.BLOCKED,
            "scene-waiting", Thread.State.WAITING,
            "scene-timed-waiting", Thread.State.TIMED_WAITING,
            "scene-parked", Thread.State.WAITING,
            "scene-timed-parked", Thread.State.TIMED_WAITING,
            "scene-sleeping", Thread.State.TIMED_WAITING,
            "scene-spinning", Thread.State.RUNNABLE);

    /** What only a frame of its thread holds. */
    static final class Local {
        final byte[] payload = new byte[1000];
        final String thread;

        Local(String thread) {
            this.thread = thread;
        }
    }

    private static final long FOREVER_MILLIS = 1_000_000_000L;

    private final Object lock = new Object();
    private final ThreadLocal<Object> threadLocal = new ThreadLocal<>();

    private ThreadScenes() {}

    static Object start() throws Exception {
        ThreadScenes scenes = new ThreadScenes();
        Map<String, Blocker> blockers = new LinkedHashMap<>();
        blockers.put("scene-waiting", scenes::waitForever);
        blockers.put("scene-timed-waiting", scenes::waitTimed);
        blockers.put("scene-parked", () -> LockSupport.park(scenes));
        blockers.put("scene-timed-parked", () -> LockSupport.parkNanos(scenes, FOREVER_MILLIS * 1_000_000));
        blockers.put("scene-sleeping", () -> Thread.sleep(FOREVER_MILLIS));
        blockers.put("scene-spinning", Thread::onSpinWait);
        List<Thread> threads = new ArrayList<>();
        blockers.forEach((name, blocker) -> threads.add(scenes.thread(name, blocker)));
        Thread owner = scenes.thread("scene-owner", scenes::own);
        await(owner, Thread.State.TIMED_WAITING);
        threads.add(scenes.thread("scene-blocked", scenes::enter));
        for (Thread thread : threads) {
            await(thread, STATES.getOrDefault(thread.getName(), Thread.State.RUNNABLE));
        }
        threads.add(new Thread(() -> {}, "scene-not-started"));
        return List.of(scenes, owner, threads, virtualThreads(scenes));
    }

    private interface Blocker {
        void block() throws InterruptedException;
    }

    private Thread thread(String name, Blocker blocker) {
        Thread thread = new Thread(
                () -> {
                    threadLocal.set(new Object[] {name});
                    hold(blocker);
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The frame with the local. */
    private static void hold(Blocker blocker) {
        Local local = new Local(Thread.currentThread().getName());
        try {
            while (!Thread.currentThread().isInterrupted()) {
                blocker.block();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(local);
        }
    }

    private void waitForever() throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait();
        }
    }

    private void waitTimed() throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait(FOREVER_MILLIS);
        }
    }

    private void own() throws InterruptedException {
        synchronized (lock) {
            Thread.sleep(FOREVER_MILLIS);
        }
    }

    private void enter() {
        synchronized (lock) {
            Thread.onSpinWait();
        }
    }

    private static void await(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Three parked and one not started, where the JDK has virtual threads without preview (21). */
    private static List<Thread> virtualThreads(ThreadScenes scenes) throws Exception {
        List<Thread> threads = new ArrayList<>();
        if (Runtime.version().feature() < 21) {
            return threads;
        }
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Method name = type.getMethod("name", String.class);
        Method unstarted = type.getMethod("unstarted", Runnable.class);
        for (int i = 0; i < 4; i++) {
            name.invoke(builder, "scene-virtual-" + i);
            Thread thread = (Thread) unstarted.invoke(builder, (Runnable) () -> hold(() -> LockSupport.park(scenes)));
            threads.add(thread);
            if (i > 0) {
                thread.start();
                await(thread, Thread.State.WAITING);
            }
        }
        return threads;
    }
}

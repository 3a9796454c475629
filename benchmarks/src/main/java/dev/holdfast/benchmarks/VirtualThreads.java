package dev.holdfast.benchmarks;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts virtual threads that a server might have, waits until all of them are parked, and dumps: each serves a connection
 * and waits for a request, for a permit, for an answer of a database or for a lock, with a request of its own in a local.
 *
 * <p>{@code java ... VirtualThreads FILE [THREADS]}, with JDK 22 or later, whose dumps have such threads; 100,000 by default.
 */
final class VirtualThreads {
    private static final int KINDS = 4;

    private final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();
    private final Semaphore permits = new Semaphore(0);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final Object closed = new Object();
    private long served;

    private VirtualThreads() {}

    /** What each thread works on, held by its frames alone. */
    private static final class Request {
        private final String path;
        private final byte[] body;

        Request(int number) {
            path = "/orders/" + number;
            body = new byte[200 + number % 100];
        }

        int bytes() {
            return path.length() + body.length;
        }
    }

    public static void main(String[] arguments) throws Throwable {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: VirtualThreads FILE [THREADS]");
            System.exit(2);
        }
        int count = arguments.length == 2 ? Integer.parseInt(arguments[1]) : 100_000;
        VirtualThreads server = new VirtualThreads();
        List<Thread> threads = server.start(count);
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        dump(Path.of(arguments[0]), threads);
        System.exit(0);
    }

    private static void dump(Path file, List<Thread> threads) throws IOException {
        HeapDumps.write(file, threads);
    }

    private List<Thread> start(int count) throws Throwable {
        // The project is compiled for JDK 17, which has no virtual threads.
        MethodHandle start = MethodHandles.lookup()
                .findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        List<Thread> threads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add((Thread) start.invokeExact((Runnable) () -> serve(number)));
        }
        return threads;
    }

    private void serve(int number) {
        Request first = new Request(number);
        try {
            accept(number, number % KINDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        served += first.bytes();
    }

    private void accept(int number, int kind) throws InterruptedException {
        Request request = new Request(number);
        switch (kind) {
            case 0 -> readRequest();
            case 1 -> admit(request);
            case 2 -> query(request, 3);
            default -> waitForClose(request);
        }
        served += request.bytes();
    }

    private void readRequest() throws InterruptedException {
        served += requests.take().hashCode();
    }

    private void admit(Request request) throws InterruptedException {
        permits.acquire();
        served += request.bytes();
    }

    /** A stack of some frames more. */
    private void query(Request request, int joins) throws InterruptedException {
        if (joins > 0) {
            query(request, joins - 1);
        } else {
            answer.await();
        }
        served += joins;
    }

    private void waitForClose(Request request) {
        while (served >= 0) {
            LockSupport.park(closed);
        }
        served += request.bytes();
    }
}

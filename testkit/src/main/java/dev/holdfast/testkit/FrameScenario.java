package dev.holdfast.testkit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads of every kind that this JVM has, each with three frames ({@code leaf}, {@code middle}, {@code outer}) whose locals alone hold structures of
 * known size. {@code middle} and {@code leaf} hold one together; {@code outer} has a local that a static field holds too.
 *
 * <p>All methods ran so often before that a JVM which compiles has compiled them.
 */
@SuppressWarnings("ThreadPriorityCheck")
public final class FrameScenario implements Scenario {
    /** The methods with structures of their own, leaf first. */
    public static final List<String> METHODS = List.of("leaf", "middle", "outer");

    private static final String PREFIX = "frames-";

    /** Enough for every threshold of tiered compilation. */
    private static final int WARM_UP = 20_000;

    private static final Held[] REGISTERED = new Held[Scene.values().length];

    private static final AtomicInteger SPINNING = new AtomicInteger();
    static volatile @Nullable Held sink;

    /** A thread and how it stands. */
    public enum Scene {
        PARKED(false),
        SPINNING(false),
        VIRTUAL_UNMOUNTED(true),
        VIRTUAL_SPINNING(true),
        /** In a class initialiser: there is a frame of the VM on its stack, so it cannot leave its carrier. */
        VIRTUAL_PINNED(true);

        private final boolean virtual;

        Scene(boolean virtual) {
            this.virtual = virtual;
        }

        /** Whether it is one of a virtual thread, which JDK 21 and later have. */
        public boolean virtual() {
            return virtual;
        }

        /** The name of the thread. */
        public String thread() {
            return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What the local of a method holds alone. */
        public Structure of(String method) {
            int frame = METHODS.indexOf(method);
            return new Structure(frame + 1, 1_000 * (frame + 1) + 100 * ordinal());
        }

        /** What {@code middle} and {@code leaf} hold together. */
        public Structure shared() {
            return new Structure(1, 20_000 + 100 * ordinal());
        }

        /** What {@code outer} holds and a static field. */
        public Structure registered() {
            return new Structure(1, 100_000 + 100 * ordinal());
        }
    }

    /** A {@link Held} with an array of so many arrays of so many bytes. */
    public record Structure(int parts, int partBytes) {
        private static final Structure SMALLEST = new Structure(1, 0);

        private Held make() {
            byte[][] arrays = new byte[parts][];
            for (int i = 0; i < parts; i++) {
                arrays[i] = new byte[partBytes];
            }
            Held held = new Held(arrays);
            // What was visible to all threads is not taken apart by a compiler.
            sink = held;
            sink = null;
            return held;
        }
    }

    /** The head of a structure. */
    public static final class Held {
        final byte[][] parts;

        Held(byte[][] parts) {
            this.parts = parts;
        }
    }

    /** How a thread comes to stand. */
    private static final class Blocker {
        private final @Nullable Scene scene;
        private int rounds;

        /** Stands for good in a scene, or for a few rounds. */
        Blocker(@Nullable Scene scene, int rounds) {
            this.scene = scene;
            this.rounds = rounds;
        }

        Structure structure(int method) {
            return scene == null ? Structure.SMALLEST : scene.of(METHODS.get(method));
        }

        Structure shared() {
            return scene == null ? Structure.SMALLEST : scene.shared();
        }

        Held registered() {
            return REGISTERED[scene == null ? 0 : scene.ordinal()];
        }

        void block() {
            if (scene == Scene.SPINNING || scene == Scene.VIRTUAL_SPINNING) {
                spin();
            } else if (scene == Scene.VIRTUAL_PINNED) {
                InInitializer.enter();
            } else {
                park();
            }
        }

        private void park() {
            do {
                LockSupport.park();
            } while (--rounds != 0);
        }

        private void spin() {
            SPINNING.incrementAndGet();
            do {
                Thread.onSpinWait();
            } while (--rounds != 0);
        }
    }

    /** Its initialiser never ends. */
    private static final class InInitializer {
        private static final Blocker STAYS = new Blocker(null, -1);

        static {
            STAYS.park();
        }

        private InInitializer() {}

        static void enter() {}
    }

    @Override
    public Object build() throws Exception {
        for (Scene scene : Scene.values()) {
            REGISTERED[scene.ordinal()] = scene.registered().make();
        }
        for (int i = 0; i < WARM_UP; i++) {
            LockSupport.unpark(Thread.currentThread());
            outer(new Blocker(null, 1));
        }
        List<Thread> threads = new ArrayList<>();
        for (Scene scene : Scene.values()) {
            if (!scene.virtual || Runtime.version().feature() >= 21) {
                threads.add(start(scene));
            }
        }
        return threads;
    }

    private static Thread start(Scene scene) throws Exception {
        // Not many enough for a spinning thread to come to the end.
        Blocker blocker = new Blocker(scene, -1);
        Runnable run = () -> outer(blocker);
        Thread thread = scene.virtual ? virtual(scene.thread(), run) : new Thread(run, scene.thread());
        if (!scene.virtual) {
            thread.setDaemon(true);
        }
        int before = SPINNING.get();
        thread.start();
        boolean spins = scene == Scene.SPINNING || scene == Scene.VIRTUAL_SPINNING;
        while (spins ? SPINNING.get() == before : thread.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(100_000);
        }
        return thread;
    }

    private static Thread virtual(String name, Runnable run) throws Exception {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Method named = type.getMethod("name", String.class);
        named.invoke(builder, name);
        return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, run);
    }

    private static void outer(Blocker blocker) {
        Held mine = blocker.structure(2).make();
        Held registered = blocker.registered();
        middle(blocker);
        use(mine);
        use(registered);
    }

    private static void middle(Blocker blocker) {
        Held mine = blocker.structure(1).make();
        Held shared = blocker.shared().make();
        leaf(blocker, shared);
        use(mine);
        use(shared);
    }

    private static void leaf(Blocker blocker, Held shared) {
        Held mine = blocker.structure(0).make();
        blocker.block();
        use(mine);
        use(shared);
    }

    /** Keeps a local alive up to here. */
    private static void use(Held held) {
        sink = held;
        sink = null;
    }
}

package dev.holdfast.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a JVM that plants one leak after the other and dumps its heap with each: {@code NAME.hprof} and, by the
 * JVM's own count, {@code NAME.txt}. What is planted has a class of its own in each scene, without references, so that its
 * row of that histogram says how many objects and bytes there are.
 */
@SuppressWarnings({"unused", "NonFinalStaticField", "ThreadLocalUsage"})
public final class PlantedLeaks {
    /** Objects of each scene, of 144 bytes each: 5.5 MiB. */
    public static final int OBJECTS = 40_000;

    private PlantedLeaks() {}

    /** 128 bytes of numbers. */
    public abstract static class Payload {
        long a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
    }

    static final class Session extends Payload {}

    static final class Request extends Payload {}

    static final class Listener extends Payload {}

    static final class Job extends Payload {}

    static final class Image extends Payload {}

    /** A map that nobody takes anything out of. */
    static final class Sessions {
        static @Nullable Map<Integer, Session> byId;
    }

    /** What a thread keeps for a request that is over. */
    static final class Context {
        static final ThreadLocal<List<Request>> CURRENT = new ThreadLocal<>();
    }

    /** Listeners that nobody removes. */
    static final class EventBus {
        static @Nullable EventBus main;
        private final List<Listener> listeners = new ArrayList<>();
    }

    /** A queue that fills faster than it is emptied. */
    static final class Mailer {
        private final LinkedBlockingQueue<Job> queue = new LinkedBlockingQueue<>();

        void fill() {
            for (int i = 0; i < OBJECTS; i++) {
                queue.add(new Job());
            }
        }
    }

    /** Images that may be made again. */
    static final class Images {
        static @Nullable Map<Integer, SoftReference<Image>> cache;
    }

    /** Loaded by {@link PluginLoader}. */
    public static final class Plugin implements Runnable {
        static final List<PluginState> STATES = new ArrayList<>();

        @Override
        public void run() {
            for (int i = 0; i < OBJECTS; i++) {
                STATES.add(new PluginState());
            }
        }
    }

    static final class PluginState extends Payload {}

    /** Loads the plug-in anew, as an application server does. */
    static final class PluginLoader extends ClassLoader {
        PluginLoader() {
            super("shop-plugin", PlantedLeaks.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || !name.startsWith(PlantedLeaks.class.getName() + "$Plugin")) {
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private interface Scene {
        /** Plants; what is returned takes it out again. */
        Runnable plant() throws Exception;
    }

    /** The scenes by name, in the order in which they are dumped. */
    private static Map<String, Scene> scenes() {
        Map<String, Scene> scenes = new LinkedHashMap<>();
        scenes.put("static-map", () -> {
            Map<Integer, Session> sessions = new HashMap<>();
            for (int i = 0; i < OBJECTS; i++) {
                sessions.put(i, new Session());
            }
            Sessions.byId = sessions;
            return () -> Sessions.byId = null;
        });
        scenes.put(
                "thread-local",
                () -> standing("request-worker", null, () -> {
                    List<Request> requests = new ArrayList<>();
                    for (int i = 0; i < OBJECTS; i++) {
                        requests.add(new Request());
                    }
                    Context.CURRENT.set(requests);
                }));
        scenes.put("class-loader", () -> {
            PluginLoader loader = new PluginLoader();
            Runnable plugin = (Runnable) loader.loadClass(Plugin.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            plugin.run();
            return standing("plugin-worker", loader, () -> {});
        });
        scenes.put("listeners", () -> {
            EventBus bus = new EventBus();
            for (int i = 0; i < OBJECTS; i++) {
                bus.listeners.add(new Listener());
            }
            EventBus.main = bus;
            return () -> EventBus.main = null;
        });
        scenes.put("queue", PlantedLeaks::mailer);
        scenes.put("soft-cache", () -> {
            Map<Integer, SoftReference<Image>> images = new HashMap<>();
            for (int i = 0; i < OBJECTS; i++) {
                images.put(i, new SoftReference<>(new Image()));
            }
            Images.cache = images;
            return () -> Images.cache = null;
        });
        return scenes;
    }

    private static Runnable mailer() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread thread = new Thread(() -> deliver(new Mailer(), ready, over), "mailer");
        thread.start();
        ready.await();
        return over::countDown;
    }

    /** Its local variable is all that holds the queue. */
    private static void deliver(Mailer mailer, CountDownLatch ready, CountDownLatch over) {
        mailer.fill();
        ready.countDown();
        await(over);
        mailer.queue.clear();
    }

    /** A thread that does something and then stands still. */
    private static Runnable standing(String name, @Nullable ClassLoader loader, Runnable first)
            throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    first.run();
                    ready.countDown();
                    await(over);
                },
                name);
        if (loader != null) {
            thread.setContextClassLoader(loader);
        }
        thread.start();
        ready.await();
        return () -> {
            over.countDown();
            join(thread);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Run with the folder that the dumps go to. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        ObjectName diagnostics = new ObjectName("com.sun.management:type=DiagnosticCommand");
        for (Map.Entry<String, Scene> scene : scenes().entrySet()) {
            Runnable over = scene.getValue().plant();
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(diagnostics, "gcClassHistogram", new @Nullable Object[] {null}, new String[] {
                        String[].class.getName()
                    });
            Files.writeString(folder.resolve(scene.getKey() + ".txt"), histogram);
            hotSpot.dumpHeap(folder.resolve(scene.getKey() + ".hprof").toString(), true);
            over.run();
        }
        Runtime.getRuntime().halt(0);
    }
}

package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Native methods that hold arrays of known length by JNI locals alone: in the middle of a stack, at its top, and in a thread without any Java frame. Needs
 * a C compiler: see {@link #library}, whose result the JVM must find at {@code -Dholder=FILE}.
 */
public final class NativeFrameScenario implements Scenario {
    public static final int MIDDLE = 5_000;
    public static final int TOP = 7_000;
    public static final int OUTSIDE = 11_000;

    private static final String RESOURCE = "jni/holder.c";

    private static native void holdAndRun(int length, Runnable runnable);

    private static native void holdAndStay(int length, int[] flag);

    private static native void holdOutside(int length);

    /** Compiles the native methods for a JVM, into the folder; none where there is no C compiler for it. */
    public static Optional<Path> library(LiveJvm jvm, Path folder) {
        Path include = jvm.home().resolve("include");
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
        if (!linux || !Files.isRegularFile(include.resolve("jni.h"))) {
            return Optional.empty();
        }
        try (InputStream in = NativeFrameScenario.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            Path source = Files.write(folder.resolve("holder.c"), in.readAllBytes());
            Path library = folder.resolve("libholder.so");
            Process compiler = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-pthread",
                            "-I" + include,
                            "-I" + include.resolve("linux"),
                            "-o",
                            library.toString(),
                            source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.log").toFile())
                    .start();
            boolean done = compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
            return done ? Optional.of(library) : Optional.empty();
        } catch (IOException e) {
            // ProcessBuilder's answer where there is no such command.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object build() {
        System.load(System.getProperty("holder"));
        int[] flag = new int[1];
        Thread middle = start("native-middle", () -> holdAndRun(MIDDLE, NativeFrameScenario::park));
        Thread top = start("native-top", () -> holdAndStay(TOP, flag));
        holdOutside(OUTSIDE);
        while (middle.getState() != Thread.State.WAITING || !isSet(flag)) {
            LockSupport.parkNanos(100_000);
        }
        return List.of(middle, top, flag);
    }

    private static Thread start(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }

    private static boolean isSet(int[] flag) {
        synchronized (flag) {
            return flag[0] != 0;
        }
    }
}

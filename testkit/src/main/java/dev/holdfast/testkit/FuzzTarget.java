package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fuzzer of the tests: a class with {@code static void fuzzerTestOneInput(byte[])}, which is all that Jazzer asks for, and
 * {@code static List<byte[]> seeds()}, the inputs that it starts from.
 */
public final class FuzzTarget {
    private static final long SEED = 20_261_122;

    private final Class<?> type;

    private FuzzTarget(Class<?> type) {
        this.type = type;
    }

    /** The fuzzer of that class. */
    public static FuzzTarget of(Class<?> type) {
        return new FuzzTarget(type);
    }

    /** Its class's name. */
    public String name() {
        return type.getName();
    }

    /** Where it starts. */
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Object seed : (List<?>) call("seeds", new Class<?>[0])) {
            seeds.add((byte[]) seed);
        }
        return seeds;
    }

    /** Tries an input; throws what the code under test should not have thrown. */
    public void run(byte[] input) {
        call("fuzzerTestOneInput", new Class<?>[] {byte[].class}, (Object) input);
    }

    /** Tries all seeds. */
    public void warmUp() {
        seeds().forEach(this::run);
    }

    /**
     * Tries the seeds, and some damage to the last of them.
     *
     * @param mostSeeds so many seeds at most
     * @param changes how many kinds of damage
     * @throws AssertionError that names the damage, with what should not have been thrown as cause
     */
    public void runDamaged(int mostSeeds, int changes) {
        List<byte[]> seeds = seeds();
        if (seeds.isEmpty()) {
            throw new AssertionError(type + " has no seeds");
        }
        seeds.stream().limit(mostSeeds).forEach(seed -> run(Damage.none(seed)));
        Damage.sampled(seeds.get(seeds.size() - 1), SEED, changes).forEach(this::run);
    }

    private void run(Damage damage) {
        try {
            run(damage.bytes());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(type + ": " + damage + ", seed " + SEED, e);
        }
    }

    /** Writes the seeds into a folder, one file each. */
    public void writeSeeds(Path folder) throws IOException {
        Files.createDirectories(folder);
        int number = 0;
        for (byte[] seed : seeds()) {
            Files.write(folder.resolve("seed-" + number++), seed);
        }
    }

    /**
     * What Jazzer follows, as its option {@code --trace} has it: what {@code static String instrumentation()} says, else all. Each
     * comparison that is followed costs a call of native code.
     */
    public String instrumentation() {
        try {
            type.getMethod("instrumentation");
        } catch (NoSuchMethodException e) {
            return "all";
        }
        return (String) call("instrumentation", new Class<?>[0]);
    }

    private Object call(String name, Class<?>[] parameters, Object... arguments) {
        try {
            Method method = type.getMethod(name, parameters);
            Object result = method.invoke(null, arguments);
            return result == null ? type : result;
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause instanceof IOException io) {
                throw new UncheckedIOException(io);
            }
            throw cause instanceof RuntimeException wrong ? wrong : new IllegalStateException(cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " is no fuzzer", e);
        }
    }

    /**
     * Writes the seeds of a fuzzer.
     *
     * @param arguments the class's name and the folder
     */
    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        of(Class.forName(arguments[0])).writeSeeds(Path.of(arguments[1]));
    }
}

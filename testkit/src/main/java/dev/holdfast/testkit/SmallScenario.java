package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The layouts, threads and references of {@link LayoutScenario} without its bulk, for the committed fixtures: started by {@code make-fixtures}, which
 * asks it from outside for histogram and dump, since JMX inside would double the dump.
 */
public final class SmallScenario implements Scenario {
    /** Elements of the planted map, each with a byte[100]. */
    public static final int LEAK_ENTRIES = 300;

    /** The planted leak. */
    static final class Leak {
        static final Map<String, byte[]> CACHE = new HashMap<>();

        private Leak() {}
    }

    @Override
    public Object build() throws Exception {
        List<Object> kept = new ArrayList<>();
        kept.add(LayoutClasses.instances(LayoutScenario.INSTANCES));
        for (int n = 0; n < 10; n++) {
            kept.addAll(List.of(
                    new boolean[n],
                    new char[n],
                    new float[n],
                    new double[n],
                    new byte[n],
                    new short[n],
                    new int[n],
                    new long[n],
                    new Object[n],
                    new int[n][2]));
        }
        for (int i = 0; i < LEAK_ENTRIES; i++) {
            Leak.CACHE.put("key-" + i, new byte[100]);
        }
        kept.add(LayoutScenario.canary());
        kept.add(ReferenceScenes.build());
        kept.add(ThreadScenes.start());
        return kept;
    }

    /** Builds, says "ready" and stays. */
    public static void main(String[] args) throws Exception {
        Object kept = new SmallScenario().build();
        System.out.println("ready " + kept.hashCode());
        new CountDownLatch(1).await();
    }
}

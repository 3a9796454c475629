package dev.holdfast.testkit;

import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.WeakHashMap;

/** Soft, weak, phantom and finalizer references, cleaners, a weak map. */
final class ReferenceScenes {
    /** What is only softly reachable. */
    static final class SoftTarget {
        final byte[] payload = new byte[500];
    }

    /** What is reachable both weakly and strongly. */
    static final class WeakTarget {
        final int[] payload = new int[10];
    }

    static final class PhantomTarget {
        final long[] payload = new long[10];
    }

    static final class Finalizable {
        final byte[] payload = new byte[300];

        @Override
        @SuppressWarnings({"deprecation", "removal", "Finalize"})
        protected void finalize() {}
    }

    private ReferenceScenes() {}

    static Object build() {
        List<Object> kept = new ArrayList<>();
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakHashMap<Object, String> weakMap = new WeakHashMap<>();
        Cleaner cleaner = Cleaner.create();
        for (int i = 0; i < LayoutScenario.INSTANCES; i++) {
            WeakTarget weak = new WeakTarget();
            PhantomTarget phantom = new PhantomTarget();
            Object key = new Object();
            weakMap.put(key, "weak-value-" + i);
            kept.add(new SoftReference<>(new SoftTarget()));
            kept.add(new WeakReference<>(weak, queue));
            kept.add(new PhantomReference<>(phantom, queue));
            kept.add(new Finalizable());
            kept.add(cleaner.register(key, () -> {}));
            kept.addAll(List.of(weak, phantom, key));
        }
        kept.addAll(List.of(queue, weakMap, cleaner));
        return kept;
    }
}

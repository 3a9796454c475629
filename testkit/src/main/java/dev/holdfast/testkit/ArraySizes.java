package dev.holdfast.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;

/** How many bytes arrays take in the JVM that runs this, by what it says itself of where their elements lie. */
final class ArraySizes {
    private final Object unsafe;
    private final int alignment;

    ArraySizes() {
        try {
            // By reflection, as it is no API and its use would be warned of.
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            unsafe = field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        alignment =
                Integer.parseInt(hotSpot.getVMOption("ObjectAlignmentInBytes").getValue());
    }

    /** Bytes of an array. */
    long of(Object array) {
        return of(array.getClass(), Array.getLength(array));
    }

    /** Bytes of an array of a class and length. */
    long of(Class<?> arrayClass, long length) {
        long end = ask("arrayBaseOffset", arrayClass) + length * ask("arrayIndexScale", arrayClass);
        return (end + alignment - 1) / alignment * alignment;
    }

    private int ask(String method, Class<?> arrayClass) {
        try {
            return (int) unsafe.getClass().getMethod(method, Class.class).invoke(unsafe, arrayClass);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.holdfast.dump.hprof;

import java.util.List;

/**
 * Which feature release wrote a dump.
 *
 * @param number 5 to the newest; of several possible ones the usual one
 * @param certain whether a system property says so, instead of the classes that are there
 */
record VmRelease(int number, boolean certain) {

    static VmRelease of(LayoutHints hints, List<ClassShape> shapes, int classClass, int stackChunkClass) {
        int told = hints.release();
        if (told != 0) {
            return new VmRelease(told, true);
        }
        if (stackChunkClass >= 0) {
            // Class.modifiers is a char only since 25.
            boolean narrow = classClass >= 0 && shapes.get(classClass).fields().twos() > 0;
            return new VmRelease(narrow ? 25 : 21, false);
        }
        boolean lambdas = false;
        boolean handles = false;
        for (ClassShape shape : shapes) {
            if (shape.isNamed("java.lang.Module")) {
                return new VmRelease(17, false);
            }
            lambdas |= shape.isNamed("java.lang.invoke.LambdaForm");
            handles |= shape.isNamed("java.lang.invoke.MethodHandle");
        }
        if (shapes.size() < 100) {
            // Not the classes of a whole VM: they tell nothing.
            return new VmRelease(17, false);
        }
        return new VmRelease(lambdas ? 8 : handles ? 7 : 6, false);
    }
}

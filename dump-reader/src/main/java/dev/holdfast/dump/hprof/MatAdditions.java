package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.ReferenceSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects that Eclipse Memory Analyzer invents and so {@code --mat} must: the system class loader at address 0 and class
 * objects for classes that the dump lacks (hprof.md 3.1).
 */
final class MatAdditions {
    static final MatAdditions NONE = new MatAdditions(null, List.of(), 0);

    private final @org.jspecify.annotations.Nullable ClassTable classes;
    private final List<DumpType> fakes;
    private final int loaderType;

    private MatAdditions(@org.jspecify.annotations.Nullable ClassTable classes, List<DumpType> fakes, int loaderType) {
        this.classes = classes;
        this.fakes = fakes;
        this.loaderType = loaderType;
    }

    static MatAdditions of(ClassTable classes) {
        List<DumpType> fakes = new ArrayList<>();
        int loader = 0;
        for (DumpType type : classes.types()) {
            if (classes.isInvented(type.index())) {
                fakes.add(type);
            }
            if (type.name().equals("java.lang.ClassLoader") && loader == 0) {
                loader = type.index();
            }
        }
        return new MatAdditions(classes, fakes, loader);
    }

    int count() {
        return classes == null ? 0 : 1 + fakes.size();
    }

    void objects(ObjectSink sink) {
        sink.object(0, -1, 0);
        for (DumpType fake : fakes) {
            sink.object(fake.classAddress(), -1, 0);
        }
    }

    void references(ReferenceSink sink) {
        if (classes == null) {
            return;
        }
        sink.object(0, loaderType, 0);
        for (DumpType fake : fakes) {
            sink.object(fake.classAddress(), classes.javaLangClass(), 0);
            if (fake.superType() > 0) {
                sink.reference(classes.types().get(fake.superType()).classAddress(), ReferencePass.SUPER);
            }
            sink.reference(0, ReferencePass.LOADER);
        }
    }
}

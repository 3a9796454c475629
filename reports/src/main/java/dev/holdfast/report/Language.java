package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpType;
import java.util.List;
import java.util.Locale;

/** The language of the program that was dumped: it decides how names are written and grouped. */
enum Language {
    /** Names as Java has them: packages are nested, and names that tools generate have counters in them. */
    JAVA,
    /** Names as Go has them: a package is a path, and names are stable as they are. */
    GO;

    /** The language of a dump. */
    static Language of(DumpInfo info) {
        return info.format().equals("hprof") ? JAVA : GO;
    }

    /** The program as a mapping names it. */
    String mapping() {
        return this == JAVA ? "java" : "go";
    }

    /** A format as people write it. */
    String format(DumpInfo info) {
        return this == JAVA ? info.format().toUpperCase(Locale.ROOT) : info.format();
    }

    /** What the types of a program are called. */
    String types() {
        return this == JAVA ? "classes" : "types";
    }

    /** How many types a program has; of Java, how many classes were loaded. */
    long typeCount(List<DumpType> types) {
        return types.stream()
                .filter(type -> this == JAVA ? type.hasClassObject() : type.kind() != DumpType.Kind.UNKNOWN)
                .count();
    }

    /** What the threads of a program are called. */
    String threads() {
        return this == JAVA ? "threads" : "goroutines";
    }

    /** A type's name in frames and labels. */
    String type(String name) {
        return this == JAVA ? FrameNames.type(name) : name;
    }

    /** What a field of numbers is declared as; of Go only how wide it is, as the sign is not known here. */
    String value(dev.holdfast.dump.ValueType value) {
        if (this == JAVA) {
            return value.label();
        }
        return switch (value) {
            case BOOLEAN -> "bool";
            case FLOAT -> "float32";
            case DOUBLE -> "float64";
            case BYTE -> "int8";
            case SHORT, CHAR -> "int16";
            case INT -> "int32";
            case LONG -> "int64";
            case REFERENCE -> "pointer";
        };
    }

    /** A function's name in frames. */
    String function(String name) {
        return this == JAVA ? FrameNames.function(name) : name;
    }

    /** The packages of a type, outermost first. */
    List<String> packages(String type) {
        return this == JAVA ? PackageFrames.java(type) : List.of(PackageFrames.go(type));
    }

    /** Adds the frames of a type below another: its packages, then itself. */
    int frames(ProfileBuilder builder, int parent, String type) {
        int frame = parent;
        for (String each : packages(type)) {
            frame = builder.frame(frame, each);
        }
        return builder.frame(frame, type);
    }
}

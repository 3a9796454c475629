package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import java.util.List;

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

    /** A type's name in frames and labels. */
    String type(String name) {
        return this == JAVA ? FrameNames.type(name) : name;
    }

    /** A function's name in frames. */
    String function(String name) {
        return this == JAVA ? FrameNames.function(name) : name;
    }

    /** The packages of a type, outermost first. */
    List<String> packages(String type) {
        return this == JAVA ? PackageFrames.java(type) : List.of(PackageFrames.go(type));
    }
}

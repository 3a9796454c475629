package dev.holdfast.roots;

import java.util.List;

/** Which types are what containers are made of, and hence not what a program accumulates; by name, stateless. */
final class Containers {
    /** Of Java: collections, their entries and arrays, references. */
    private static final List<String> JAVA = List.of(
            "java.util.",
            "java.lang.ref.",
            "java.lang.ThreadLocal",
            "java.lang.Object[]",
            "java.lang.invoke.",
            "jdk.internal.");

    /** Of Go: parts of maps, channels and the like. */
    private static final List<String> GO = List.of(
            "internal/runtime/maps.",
            "map.table[",
            "map.group[",
            "map.bucket[",
            "map.hdr[",
            "bucket<",
            "hash<",
            "runtime.hmap",
            "runtime.bmap",
            "runtime.hchan",
            "runtime.sudog",
            "sync.",
            "internal/sync.",
            "container/",
            "noalg.",
            "table<",
            "group<");

    private static final List<String> POOLS = List.of(
            "sync.Pool", "sync.poolLocal", "sync.poolChain", "sync.poolDequeue", "sync.allPools", "sync.oldPools");

    private Containers() {}

    /** Whether a type, or an array of it, is part of a container. */
    static boolean isPlumbing(String type) {
        String element = type;
        boolean pointers = false;
        while (element.startsWith("[]") || element.startsWith("*")) {
            pointers |= element.startsWith("*");
            element = element.substring(element.startsWith("*") ? 1 : 2);
        }
        if (pointers || element.startsWith("map[") || element.startsWith("chan ") || element.startsWith("interface")) {
            return true;
        }
        boolean references = type.endsWith("[]") && type.contains(".");
        return references || startsWithAny(element, JAVA) || startsWithAny(element, GO);
    }

    /** Whether all programs have objects of a type: containers, strings, arrays of numbers, the Java library. */
    static boolean isCommon(String type) {
        return isPlumbing(type)
                || !type.contains(".")
                || type.startsWith("java.")
                || type.startsWith("jdk.")
                || type.startsWith("sun.")
                || type.startsWith("class ")
                || type.startsWith("runtime.");
    }

    /** Whether a type or variable belongs to a {@code sync.Pool}. */
    static boolean isPool(String name) {
        String element = name;
        while (element.startsWith("[]") || element.startsWith("*")) {
            element = element.substring(element.startsWith("*") ? 1 : 2);
        }
        return startsWithAny(element, POOLS);
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}

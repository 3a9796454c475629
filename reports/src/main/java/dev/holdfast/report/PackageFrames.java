package dev.holdfast.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The frames above a type in a profile without allocation stacks: its packages. Stateless. */
public final class PackageFrames {
    /** Above Go's types without a package: string, int, func(), unnamed structs and what is made of them. */
    public static final String BUILT_IN = "(built-in types)";

    /** Above objects of which nothing says what type they are. */
    public static final String UNKNOWN = "(unknown types)";

    /** The deepest packages in use have about 12 levels; a forged name may have thousands. */
    private static final int MAX_PACKAGES = 32;

    private static final Set<String> PRIMITIVES =
            Set.of("boolean", "byte", "char", "short", "int", "long", "float", "double");

    private PackageFrames() {}

    /**
     * The packages of a Java type, outermost first: {@code java}, {@code java.util} for
     * {@code java.util.HashMap$Node[]}, none for a class of the unnamed package.
     */
    public static List<String> java(String type) {
        int end = type.indexOf('[');
        String element = end < 0 ? type : type.substring(0, end);
        if (end >= 0 && PRIMITIVES.contains(element)) {
            return List.of(FrameNames.PRIMITIVE_ARRAYS);
        }
        List<String> packages = new ArrayList<>();
        for (int dot = element.indexOf('.');
                dot >= 0 && packages.size() < MAX_PACKAGES;
                dot = element.indexOf('.', dot + 1)) {
            if (dot > 0) {
                packages.add(element.substring(0, dot));
            }
        }
        return packages;
    }

    /**
     * The one package frame of a Go type: {@code net/http} for {@code *net/http.Server}, of a map's value if that has
     * one and else of its key.
     */
    public static String go(String type) {
        if (type.startsWith("(unknown")) {
            return UNKNOWN;
        }
        String keyPackage = BUILT_IN;
        int at = element(type, 0);
        for (int open = mapKey(type, at); open >= 0; open = mapKey(type, at)) {
            int close = closing(type, open);
            if (keyPackage.equals(BUILT_IN)) {
                keyPackage = named(type, element(type, open + 1), close);
            }
            at = element(type, Math.min(close + 1, type.length()));
        }
        String own = named(type, at, type.length());
        return own.equals(BUILT_IN) ? keyPackage : own;
    }

    /** Where the key's bracket opens of a map or a part of one, such as {@code map.group[string]int}; else negative. */
    private static int mapKey(String type, int at) {
        if (!type.startsWith("map", at)) {
            return -1;
        }
        int open = at + "map".length();
        if (type.startsWith(".", open)) {
            do {
                open++;
            } while (open < type.length() && Character.isLetter(type.charAt(open)));
        }
        return type.startsWith("[", open) ? open : -1;
    }

    /** Where the type starts that pointers, slices, arrays and channels from here on are of. */
    private static int element(String type, int from) {
        int at = from;
        while (true) {
            if (type.startsWith("*", at)) {
                at++;
            } else if (type.startsWith("chan ", at)) {
                at += "chan ".length();
            } else if (type.startsWith("<-chan ", at) || type.startsWith("chan<- ", at)) {
                at += "<-chan ".length();
            } else if (type.startsWith("[", at) && type.indexOf(']', at) >= 0) {
                at = type.indexOf(']', at) + 1;
            } else {
                return at;
            }
        }
    }

    /** Package of a named type; the linker escapes dots of a path's last element, so the first dot after it ends it. */
    private static String named(String type, int start, int limit) {
        int slash = start;
        int end = start;
        for (; end < limit && "[({ <".indexOf(type.charAt(end)) < 0; end++) {
            slash = type.charAt(end) == '/' ? end : slash;
        }
        int dot = type.indexOf('.', slash);
        return dot > start && dot < end ? type.substring(start, dot) : BUILT_IN;
    }

    /** Where the bracket that opens here is closed; the end where it never is. */
    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '[' ? 1 : text.charAt(i) == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }
}

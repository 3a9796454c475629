package dev.holdfast.dump.hprof;

/** Turns the virtual machine's names of classes and methods into the language's. */
final class ClassNames {
    private ClassNames() {}

    /**
     * {@code java/lang/String} to {@code java.lang.String}, {@code [[I} to {@code int[][]}; ART's names, which are the
     * language's already, stay (hprof.md 1.2).
     */
    static String ofInternal(String name) {
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions == 0) {
            return name.replace('/', '.');
        }
        String element = element(name.substring(dimensions));
        return element + "[]".repeat(dimensions);
    }

    private static String element(String descriptor) {
        if (descriptor.length() == 1) {
            switch (descriptor.charAt(0)) {
                case 'Z':
                    return "boolean";
                case 'B':
                    return "byte";
                case 'C':
                    return "char";
                case 'S':
                    return "short";
                case 'I':
                    return "int";
                case 'J':
                    return "long";
                case 'F':
                    return "float";
                case 'D':
                    return "double";
                default:
                    return descriptor;
            }
        }
        if (descriptor.startsWith("L") && descriptor.endsWith(";")) {
            return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
        }
        return descriptor.replace('/', '.');
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Recognises unreachable objects that something which HotSpot does not dump refers to: fields of {@code java.lang.Class}
 * (hprof.md 0 fact 4), hidden threads, class loader data (1.13).
 *
 * <p>Goes by type, for strings by content, for objects of which a class has at most one by taking the first. Asked once
 * for each object, in ascending order, by one thread.
 */
final class UnreachableEntries {
    /** Types of which only {@code java.lang.Class} holds objects. */
    private static final Set<String> HELD_BY_CLASS = Set.of(
            "java.lang.Class$ReflectionData",
            "java.lang.Class$AnnotationData",
            "java.lang.ClassValue$ClassValueMap",
            "java.lang.ClassValue$ClassValueMap[]",
            "java.lang.Module",
            "java.lang.reflect.AnnotatedElement$AnnotationData",
            "sun.reflect.annotation.AnnotationType",
            "sun.reflect.generics.repository.ClassRepository");

    private static final byte OTHER = 0;
    private static final byte BY_CLASS = 1;
    private static final byte STRING = 2;
    private static final byte INTS = 3;
    private static final byte FILLER = 4;
    private static final byte CLASS = 5;
    private static final byte THREAD = 6;
    private static final byte SOFT = 7;
    private static final byte ENUM_ARRAY = 8;
    private static final byte HASH_MAP = 9;
    private static final byte CONSTRUCTOR = 10;
    private static final byte LIST = 11;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final ObjectNames names;
    private final ClassNameTexts classNames;
    private final HeapFillers fillers;
    private final byte[] kinds;
    private final BitSet enums = new BitSet();

    /** By type: whether the one enumConstants, enumConstantDirectory or cachedConstructor was met. */
    private final BitSet constants = new BitSet();

    private final BitSet directories = new BitSet();
    private final BitSet constructors = new BitSet();
    private int hiddenClasses;

    UnreachableEntries(HeapSnapshot heap, ObjectNames names) {
        this.heap = heap;
        this.graph = heap.graph();
        this.names = names;
        this.classNames = new ClassNameTexts(graph, new StringTexts(heap.dump()));
        this.fillers = new HeapFillers(heap);
        this.kinds = new byte[graph.types().size()];
        boolean[] threads = names.subtypesOf("java.lang.Thread");
        boolean[] enumTypes = names.subtypesOf("java.lang.Enum");
        for (DumpType type : graph.types()) {
            enums.set(type.index(), enumTypes[type.index()]);
            kinds[type.index()] = kind(type, threads[type.index()]);
            if (isHidden(type.name())) {
                hiddenClasses++;
            }
        }
    }

    private static byte kind(DumpType type, boolean thread) {
        String name = type.name();
        if (HELD_BY_CLASS.contains(name)) {
            return BY_CLASS;
        }
        if (HeapFillers.isFillerType(name)) {
            return FILLER;
        }
        if (type.kind() == DumpType.Kind.OBJECT_ARRAY) {
            return ENUM_ARRAY;
        }
        switch (name) {
            case "java.lang.String":
                return STRING;
            case "int[]":
                return INTS;
            case "java.lang.Class":
                return CLASS;
            case "java.lang.ref.SoftReference":
                return SOFT;
            case "java.util.HashMap":
                return HASH_MAP;
            case "java.lang.reflect.Constructor":
                return CONSTRUCTOR;
            case "java.util.ImmutableCollections$List12":
            case "java.util.ImmutableCollections$ListN":
                return LIST;
            default:
                return thread ? THREAD : OTHER;
        }
    }

    /**
     * Why an unreachable object may be there although no object that is garbage explains it.
     *
     * @param referred whether another unreachable object refers to it
     */
    UnreachableReason reason(int object, boolean referred) {
        switch (kinds[graph.typeOf(object)]) {
            case BY_CLASS:
                return UnreachableReason.LOST_CLASS_FIELD;
            case FILLER:
                return UnreachableReason.HEAP_FILLER;
            case STRING:
                return field(classNames.take(object));
            case SOFT:
                return field(refersTo(object, "java.lang.Class$ReflectionData"));
            case CLASS:
                return isLoaded(object) ? UnreachableReason.ROOT_LOST : UnreachableReason.GARBAGE;
            case THREAD:
                return isAlive(object) ? UnreachableReason.ROOT_LOST : UnreachableReason.GARBAGE;
            case INTS:
                return !referred && fillers.isFiller(object)
                        ? UnreachableReason.HEAP_FILLER
                        : UnreachableReason.GARBAGE;
            case ENUM_ARRAY:
                return field(!referred && isFirstOf(constants, enumOfArray(object)));
            case HASH_MAP:
                return field(!referred && isFirstOf(directories, enumOfDirectory(object)));
            case CONSTRUCTOR:
                return field(!referred && isFirstOf(constructors, declaringClass(object)));
            case LIST:
                return field(!referred && isClassData(object));
            default:
                return UnreachableReason.GARBAGE;
        }
    }

    /** How many strings were too many to be looked at. */
    long notRead() {
        return classNames.notRead();
    }

    private static UnreachableReason field(boolean held) {
        return held ? UnreachableReason.LOST_CLASS_FIELD : UnreachableReason.GARBAGE;
    }

    private static boolean isFirstOf(BitSet met, int type) {
        boolean first = type >= 0 && !met.get(type);
        if (first) {
            met.set(type);
        }
        return first;
    }

    private boolean refersTo(int object, String type) {
        for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
            int target = graph.target(r);
            if (!graph.isHolder(target) && names.typeName(target).equals(type)) {
                return true;
            }
        }
        return false;
    }

    /** A class of the dump is loaded, so its loader's data holds it; but a hidden class may be garbage by itself. */
    private boolean isLoaded(int classObject) {
        DumpType type = names.classOf(classObject);
        if (type == null || isHidden(type.name())) {
            return false;
        }
        int loader = names.loaderOf(type.index());
        return type.loaderAddress() == 0 || loader >= 0 && heap.reachable(loader);
    }

    /** Names of hidden and of the older anonymous classes end in a slash or plus and a number. */
    private static boolean isHidden(String name) {
        int digit = name.length();
        while (digit > 0 && Character.digit(name.charAt(digit - 1), 16) >= 0) {
            digit--;
        }
        return digit < name.length()
                && (name.startsWith("0x", digit - 2) || name.endsWith("/" + name.substring(digit)));
    }

    /** A thread that the virtual machine runs has a native thread; an unmounted virtual one a state. */
    private boolean isAlive(int thread) {
        RecordedObject object;
        try {
            object = heap.dump().read(graph.addressOf(thread));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FieldValue nativeThread = object == null ? null : object.field("eetop");
        return nativeThread != null && nativeThread.bits() != 0;
    }

    /** Type of the constants in an array of all constants of an enum, or -1. */
    private int enumOfArray(int array) {
        long first = graph.firstReference(array);
        if (first == graph.endReference(array)) {
            return -1;
        }
        int type = graph.typeOf(graph.target(first));
        DumpType ofArray = graph.types().get(graph.typeOf(array));
        boolean named = ofArray.name().equals(enumNamed(type) + "[]");
        return named ? type : -1;
    }

    /** Name of an enum, also of a constant with a body of its own. */
    private String enumNamed(int type) {
        List<DumpType> types = graph.types();
        DumpType of = types.get(type);
        if (!enums.get(type)) {
            return "";
        }
        return of.superTypeName().equals("java.lang.Enum") ? of.name() : of.superTypeName();
    }

    /** Type of the values of a map from names to constants of an enum, or -1. */
    private int enumOfDirectory(int map) {
        for (long r = graph.firstReference(map); r < graph.endReference(map); r++) {
            int table = graph.target(r);
            if (!graph.isHolder(table) && graph.types().get(graph.typeOf(table)).isArray()) {
                for (long n = graph.firstReference(table); n < graph.endReference(table); n++) {
                    return enumAmongTargets(graph.target(n));
                }
            }
        }
        return -1;
    }

    private int enumAmongTargets(int node) {
        for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
            int target = graph.target(r);
            if (!graph.isHolder(target) && enums.get(graph.typeOf(target))) {
                return graph.typeOf(target);
            }
        }
        return -1;
    }

    /** Type of the class that a constructor belongs to, or -1; its only direct reference to a class. */
    private int declaringClass(int constructor) {
        for (long r = graph.firstReference(constructor); r < graph.endReference(constructor); r++) {
            DumpType type = names.classOf(graph.target(r));
            if (type != null) {
                return type.index();
            }
        }
        return -1;
    }

    /** Class data of hidden classes that the method handles make: a list with a LambdaForm in it, one a class. */
    private boolean isClassData(int list) {
        return hiddenClasses > 0 && refersTo(list, "java.lang.invoke.LambdaForm") && hiddenClasses-- > 0;
    }
}

package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds unreachable objects that the fields of {@code java.lang.Class} hold in truth, and fillers. Used once, by one thread.
 */
final class LostClassFields {
    private static final Set<String> ENTRY_TYPES = Set.of(
            "java.lang.Class$ReflectionData",
            "java.lang.Class$AnnotationData",
            "java.lang.ClassValue$ClassValueMap",
            "java.lang.Module",
            "sun.reflect.annotation.AnnotationType",
            "sun.reflect.generics.repository.ClassRepository");
    private static final Set<String> FILLER_TYPES = Set.of(
            "int[]", "jdk.internal.vm.FillerArray", "jdk.internal.vm.FillerElement[]", "jdk.internal.vm.FillerObject");

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final Progress progress;
    private final byte[] reasons;
    private final IntList waiting = new IntList();

    LostClassFields(HeapSnapshot heap, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.progress = progress;
        this.reasons = new byte[graph.objectCount()];
    }

    byte[] find() {
        progress.phase("explaining unreachable objects", -1);
        List<DumpType> types = graph.types();
        boolean[] referred = new boolean[graph.objectCount()];
        for (int object = 0; object < reasons.length; object++) {
            if (!heap.reachable(object)) {
                for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                    if (!graph.isHolder(graph.target(r))) {
                        referred[graph.target(r)] = true;
                    }
                }
            }
        }
        StringTexts texts = new StringTexts(heap.dump());
        Set<String> names = names(types);
        for (int object = 0; object < reasons.length; object++) {
            if (heap.reachable(object)) {
                continue;
            }
            String type = types.get(graph.typeOf(object)).name();
            if (ENTRY_TYPES.contains(type)) {
                enter(object);
            } else if (type.equals("java.lang.ref.SoftReference")) {
                for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                    if (!graph.isHolder(graph.target(r))
                            && types.get(graph.typeOf(graph.target(r)))
                                    .name()
                                    .equals("java.lang.Class$ReflectionData")) {
                        enter(object);
                    }
                }
            } else if (type.equals("java.lang.String")) {
                String text = texts.read(graph.addressOf(object));
                if (text != null && names.remove(text)) {
                    enter(object);
                }
            } else if (FILLER_TYPES.contains(type) && !referred[object]) {
                reasons[object] = (byte) UnreachableReason.HEAP_FILLER.ordinal();
            }
        }
        for (int i = 0; i < waiting.size(); i++) {
            int object = waiting.get(i);
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                if (!graph.isHolder(graph.target(r))) {
                    enter(graph.target(r));
                }
            }
        }
        return reasons;
    }

    private void enter(int object) {
        if (!heap.reachable(object) && reasons[object] == 0) {
            reasons[object] = (byte) UnreachableReason.LOST_CLASS_FIELD.ordinal();
            waiting.add(object);
        }
    }

    private static Set<String> names(List<DumpType> types) {
        Set<String> names = new HashSet<>();
        for (DumpType type : types) {
            String name = type.name();
            names.add(name);
            int dot = name.lastIndexOf('.');
            if (dot > 0) {
                names.add(name.substring(0, dot));
            }
        }
        return names;
    }
}

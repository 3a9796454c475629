package dev.holdfast.report;

import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.MemoryPart.Kind;
import dev.holdfast.roots.UnreachableReason;
import dev.holdfast.roots.UnreachableReasons;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every byte that a dump knows of, in parts that add up to a whole: of a JVM the objects in the file, of Go all memory that
 * the runtime has from the system, by its own accounting. Immutable.
 *
 * @param parts in the order of the bar; none is empty
 * @param whole what they should add up to, as another source says
 * @param wholeIs what the whole is
 * @param identity how it adds up, in words
 */
record MemoryAccount(List<MemoryPart> parts, long whole, String wholeIs, String identity) {
    private static final String CLASSES = "/memory/classes/";

    MemoryAccount {
        parts = List.copyOf(parts);
    }

    /** Whether the parts add up. */
    boolean holds() {
        return sum() == whole;
    }

    long sum() {
        return parts.stream().mapToLong(MemoryPart::bytes).sum();
    }

    /** Accounts for a heap. */
    static MemoryAccount of(HeapSnapshot heap, Progress progress) {
        List<MemoryPart> parts = new ArrayList<>();
        Map<String, Long> classes = new HashMap<>();
        if (Language.of(heap.dump().info()) == Language.GO) {
            for (MemoryClass each : heap.dump().memoryClasses()) {
                classes.put(each.name(), each.bytes());
            }
        }
        Long total = classes.get(CLASSES + "total:bytes");
        addObjects(parts, heap, progress);
        if (total == null) {
            return new MemoryAccount(
                    parts.stream().filter(part -> part.bytes() > 0).toList(),
                    heap.totals().reachableBytes() + heap.totals().unreachableBytes(),
                    "objects in the file",
                    "reachable + unreachable objects = all objects in the file");
        }
        addRuntime(parts, classes, heap);
        return new MemoryAccount(
                parts.stream().filter(part -> part.bytes() != 0).toList(),
                total,
                "memory that the Go runtime has from the system",
                "objects + free slots + idle + released + stacks + the runtime's own = the runtime's total");
    }

    private static void addObjects(List<MemoryPart> parts, HeapSnapshot heap, Progress progress) {
        boolean strongOnly = heap.options().references() == dev.holdfast.heap.SnapshotOptions.References.STRONG;
        for (Strength strength : Strength.values()) {
            long bytes = heap.totals().bytes(strength);
            boolean live = strength == Strength.STRONG;
            if (live || !strongOnly) {
                parts.add(new MemoryPart(
                        live ? "live" : strength.label() + "_reachable",
                        live ? "live objects" : "reachable only " + word(strength),
                        bytes,
                        heap.totals().objects(strength),
                        live ? Kind.LIVE : Kind.SOFT,
                        explanation(strength)));
            }
        }
        if (heap.totals().unreachableObjects() == 0) {
            return;
        }
        UnreachableReasons reasons = UnreachableReasons.find(heap, progress);
        for (UnreachableReason reason : UnreachableReason.values()) {
            parts.add(new MemoryPart(
                    "unreachable_" + reason.name().toLowerCase(java.util.Locale.ROOT),
                    "unreachable: " + reason.label().substring(1, reason.label().length() - 1),
                    reasons.bytes(reason),
                    reasons.objects(reason),
                    reason == UnreachableReason.GARBAGE ? Kind.DEAD : Kind.RUNTIME,
                    explanation(reason)));
        }
    }

    private static String word(Strength strength) {
        return switch (strength) {
            case STRONG -> "strongly";
            case SOFT -> "softly";
            case WEAK -> "weakly";
            case FINALIZER -> "by finalizers";
            case PHANTOM -> "by phantom references";
        };
    }

    private static String explanation(Strength strength) {
        return switch (strength) {
            case STRONG -> "The program can still use them. This is where a leak is.";
            case SOFT -> "Caches of soft references: the collector clears them before it gives up. No leak.";
            case WEAK -> "Only weak references lead there: the next collection takes them.";
            case FINALIZER -> "Dead, but a finalizer or cleanup has still to run.";
            case PHANTOM -> "Dead, and only kept until whoever waits for that has been told.";
        };
    }

    private static String explanation(UnreachableReason reason) {
        return switch (reason) {
            case GARBAGE -> "No root reaches it: the collector had not come to it when the dump was taken.";
            case HEAP_FILLER -> "Gaps that the collector filled, not objects of the program.";
            case LOST_CLASS_FIELD -> "In use by the class library through fields that the dump leaves out.";
            case ROOT_LOST -> "In use through roots that the dump leaves out.";
        };
    }

    /** The rest of what the runtime counts; what it calls objects stands already. */
    private static void addRuntime(List<MemoryPart> parts, Map<String, Long> classes, HeapSnapshot heap) {
        long objects = heap.totals().reachableBytes() + heap.totals().unreachableBytes();
        long other = take(classes, "heap/objects") - objects;
        if (other != 0) {
            parts.add(new MemoryPart(
                    "not_in_graph",
                    "objects that the dump does not show",
                    other,
                    -1,
                    Kind.RUNTIME,
                    "Counted by the runtime as allocated, but not found among the objects."));
        }
        add(
                parts,
                classes,
                "heap/unused",
                "free slots",
                Kind.FREE,
                "Pages with objects have room for more of the same size: fragmentation.");
        add(
                parts,
                classes,
                "heap/free",
                "idle",
                Kind.FREE,
                "Free pages that the runtime keeps for the next allocations; it counts as memory of the process.");
        add(
                parts,
                classes,
                "heap/released",
                "given back",
                Kind.RETURNED,
                "Given back to the system: in no figure for resident memory, unless the system has not taken it yet.");
        add(
                parts,
                classes,
                "heap/stacks",
                "stacks of goroutines",
                Kind.STACK,
                "Grows with the number of goroutines and their depth; see the goroutines below.");
        add(parts, classes, "os-stacks", "stacks of the system", Kind.STACK, "Of threads, by the operating system.");
        long metadata = 0;
        for (String name : List.of(
                "metadata/mcache/free",
                "metadata/mcache/inuse",
                "metadata/mspan/free",
                "metadata/mspan/inuse",
                "metadata/other")) {
            metadata += take(classes, name);
        }
        parts.add(new MemoryPart(
                "metadata",
                "metadata of the collector",
                metadata,
                -1,
                Kind.RUNTIME,
                "Bitmaps and tables about the heap; grows with it."));
        add(parts, classes, "profiling/buckets", "profiling", Kind.RUNTIME, "What the runtime's own profiles record.");
        add(parts, classes, "other", "other of the runtime", Kind.RUNTIME, "Tables, queues, traces.");
        long unnamed = 0;
        for (Map.Entry<String, Long> each : classes.entrySet()) {
            unnamed += each.getKey().equals(CLASSES + "total:bytes") ? 0 : each.getValue();
        }
        parts.add(new MemoryPart(
                "unnamed",
                "of classes that this program does not know",
                unnamed,
                -1,
                Kind.RUNTIME,
                "A newer runtime counts what older ones did not."));
    }

    private static void add(
            List<MemoryPart> parts, Map<String, Long> classes, String name, String label, Kind kind, String why) {
        String field = name.replace('/', '_').replace('-', '_');
        parts.add(new MemoryPart(field, label, take(classes, name), -1, kind, why));
    }

    /** What the runtime counts under a name, which is then accounted for. */
    private static long take(Map<String, Long> classes, String name) {
        Long bytes = classes.remove(CLASSES + name + ":bytes");
        return bytes == null ? 0 : bytes;
    }
}

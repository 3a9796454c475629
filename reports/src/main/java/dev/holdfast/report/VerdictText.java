package dev.holdfast.report;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.report.waste.WasteKind;
import dev.holdfast.roots.RetainedFrames;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Amount;
import dev.holdfast.roots.Suspect.Owner;
import dev.holdfast.roots.Suspect.Reached;
import dev.holdfast.roots.Suspect.Step;
import dev.holdfast.roots.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The verdict in sentences, the same on the page, on a terminal and in JSON: who holds, through what, what accumulates, where
 * it spreads. Names are as long as the dump has them; who shows them shortens them. Immutable.
 */
final class VerdictText {
    private static final int MOST_STEPS = 10;

    /** Types below this share of a suspect say nothing of it. */
    private static final double LEAST_TYPE = 0.05;

    /** What the runtime knows of a goroutine. */
    private static final String DESCRIPTOR = "runtime.g";

    private final HeapSnapshot heap;
    private final Verdict verdict;
    private final IntFunction<WastedHeap.@Nullable Unused> unused;

    /**
     * The text of a verdict.
     *
     * @param unused of an array what no slice shows, as far as it is known
     */
    VerdictText(HeapSnapshot heap, Verdict verdict, IntFunction<WastedHeap.@Nullable Unused> unused) {
        this.heap = heap;
        this.verdict = verdict;
        this.unused = unused;
    }

    /** The answer in one sentence. */
    String summary() {
        long total = heap.totals().reachableBytes();
        String whole = Quantities.bytes(total);
        return switch (verdict.reason()) {
            case SUSPECTS -> suspects(whole);
            case SMALL ->
                "No suspect: the program itself keeps only " + whole
                        + " alive, about what a runtime needs to start. If the process is large, its memory is elsewhere.";
            case GARBAGE ->
                "No suspect: most of the dump is garbage. "
                        + Quantities.bytes(heap.totals().unreachableBytes())
                        + " are no longer used and the next collection can free them; only " + whole + " are in use.";
            case SPREAD ->
                "No suspect: the " + whole
                        + " in use are spread over many owners, none of which holds a large part alone.";
            case HARMLESS -> "No leak found: what is large here is no leak.";
        };
    }

    private String suspects(String whole) {
        long suspects = verdict.suspects().stream()
                .filter(suspect -> suspect.judgement() == Suspect.Judgement.SUSPECT)
                .count();
        long bytes = verdict.suspects().stream()
                .filter(suspect -> suspect.judgement() == Suspect.Judgement.SUSPECT)
                .mapToLong(Suspect::retainedBytes)
                .sum();
        return (suspects == 1 ? "One suspect holds " : suspects + " suspects together hold ") + Quantities.bytes(bytes)
                + " of the " + whole + " in use.";
    }

    private static String percent(Suspect suspect) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * suspect.share());
    }

    /** A suspect in one sentence. */
    String headline(Suspect suspect) {
        String what = Quantities.bytes(suspect.retainedBytes()) + ", " + percent(suspect) + " of the heap,";
        String holder = holder(suspect);
        return switch (suspect.judgement()) {
            case SUSPECT -> isCrowd(suspect.owner()) ? crowd(suspect) : what + " " + suspected(suspect) + ".";
            case SOFT_CACHE ->
                "Not a leak: " + what + " is a cache of soft references, held by " + holder
                        + ". The JVM drops " + Quantities.bytes(suspect.droppableBytes())
                        + " of it before it runs out of memory.";
            case WEAK ->
                "Not a leak: " + what + " is referenced only weakly, by way of " + holder
                        + ". A coming collection can free " + Quantities.bytes(suspect.droppableBytes()) + " of it.";
            case BALLAST ->
                "Not a leak: " + what
                        + " is one block that nobody seems to have written to (samples of it are all zero), held by "
                        + holder
                        + ". Such ballast makes the collector run less often; it takes address space, hardly memory.";
            case POOL ->
                "Not a leak: " + what + " waits for reuse in a sync.Pool, " + holder
                        + ". Two collections in a row empty it.";
        };
    }

    private static boolean isCrowd(Owner owner) {
        return owner.kind() == RootKind.GOROUTINE && owner.count() > 1;
    }

    private static String suspected(Suspect suspect) {
        Owner owner = suspect.owner();
        if (!suspect.isOwnerless()) {
            return "is held by " + holder(suspect);
        }
        String reached = String.join(
                " and ",
                suspect.reachedFrom().stream().map(VerdictText::reached).toList());
        return "has no single owner: it is " + step(suspect.path().get(0)) + ", reached "
                + (reached.isEmpty() ? "from several roots" : "by way of " + reached)
                + (owner.loader() == null ? "" : ", of class loader " + owner.loader());
    }

    private static String reached(Reached reached) {
        RootKind kind = reached.kind();
        return kind == null ? reached.name() : root(kind, reached.name(), 1);
    }

    /** Many goroutines: their stacks are no part of the heap and are told apart. */
    private static String crowd(Suspect suspect) {
        Owner owner = suspect.owner();
        long stacks = Math.max(0, owner.stackBytes());
        String creator = owner.creator() == null ? "" : " that " + owner.creator() + " started";
        String place = owner.function() == null ? "" : " in " + owner.function();
        String waiting = owner.waiting() == null ? "" : " (" + owner.waiting() + ")";
        String stands = place.isEmpty() && waiting.isEmpty() ? "" : ", nearly all waiting" + place + waiting + ",";
        String heap = suspect.retainedBytes() == 0
                ? "nothing of the heap"
                : Quantities.bytes(suspect.retainedBytes()) + " of the heap (" + percent(suspect) + ")";
        return Quantities.count(owner.count()) + " goroutines" + (creator.isEmpty() ? " of " + owner.name() : creator)
                + stands
                + " hold " + heap
                + (stacks == 0 ? "" : " and take " + Quantities.bytes(stacks) + " of stacks besides") + ".";
    }

    private static String holder(Suspect suspect) {
        Owner owner = suspect.owner();
        RootKind kind = owner.kind();
        String through = owner.loader() == null ? "" : ", through class loader " + owner.loader();
        if (owner.threadLocal() != null) {
            return root(RootKind.THREAD, owner.name(), owner.count()) + " as the value of the thread local "
                    + owner.threadLocal() + through;
        }
        if (owner.staticClass() != null) {
            String field = "the static field " + owner.staticField() + " of class " + owner.staticClass();
            String loader = owner.loader() == null ? "" : ", loaded by " + owner.loader();
            boolean kept = kind == RootKind.THREAD && owner.loader() != null;
            return field + loader + (kept ? ", which thread \"" + owner.name() + "\" keeps" : "");
        }
        if (kind == null) {
            return (suspect.path().isEmpty() ? "objects" : step(suspect.path().get(0))) + ", which several roots reach"
                    + through;
        }
        if (kind == RootKind.RUNTIME && owner.name().equals("timers")) {
            return Quantities.count(owner.count())
                    + " timers that have not fired (time.AfterFunc, time.NewTimer, time.After)";
        }
        String function = owner.function() == null ? "" : ", in a local variable of " + owner.function();
        return root(kind, owner.name(), owner.count()) + function + through;
    }

    private static String root(RootKind kind, String name, long count) {
        String several = count == 1 ? "" : Quantities.count(count) + " ";
        return switch (kind) {
            case GLOBAL -> "the package variable " + name;
            case GOROUTINE -> several + (count == 1 ? "goroutine " : "goroutines ") + name;
            case THREAD -> several + (count == 1 ? "thread \"" : "threads \"") + name + "\"";
            case SYSTEM_CLASS -> "class " + name;
            case JNI_GLOBAL -> "native code or the JVM itself (" + name + ")";
            default -> kind.label() + " " + name;
        };
    }

    /** The details, each a short sentence or list. */
    List<String> lines(Suspect suspect) {
        List<String> lines = new ArrayList<>();
        Amount elements = suspect.elements();
        if (elements != null) {
            boolean known = elements.retainedBytes() != Amount.UNKNOWN;
            lines.add("What piles up: " + Quantities.count(elements.objects()) + " " + elements.name() + ", "
                    + Quantities.bytes(known ? elements.retainedBytes() : elements.shallowBytes())
                    + (known ? " with all they hold." : " without what they hold."));
        } else if (!suspect.parts().isEmpty()) {
            lines.add("It divides into: "
                    + String.join(
                            ", ",
                            suspect.parts().stream().map(VerdictText::part).toList()) + ".");
        }
        Suspect.Point point = suspect.point();
        if (point != null) {
            boolean single = elements == null && suspect.parts().isEmpty();
            String elementCount =
                    !single || point.elements() < 0 ? "" : " of " + Quantities.count(point.elements()) + " elements";
            lines.add((single ? "It is " : "It starts to spread at ")
                    + amount(point.objects(), point.name()) + elementCount + ", "
                    + Quantities.bytes(point.retainedBytes()) + ".");
            if (single && point.name().startsWith("[]") && suspect.judgement() == Suspect.Judgement.SUSPECT) {
                lines.add(slices(point));
            }
        }
        String descriptors = isCrowd(suspect.owner()) ? descriptors(suspect.owner()) : "";
        if (!descriptors.isEmpty()) {
            lines.add(descriptors);
        }
        String path = path(shownPath(suspect));
        if (!path.isEmpty() && !suspect.isOwnerless()) {
            lines.add("Path: " + path);
        }
        List<String> types = suspect.types().stream()
                .filter(type -> type.shallowBytes() >= LEAST_TYPE * suspect.retainedBytes())
                .map(type -> Quantities.count(type.objects()) + " " + type.name() + " "
                        + Quantities.bytes(type.shallowBytes()))
                .toList();
        if (!types.isEmpty() && suspect.types().size() > 1) {
            lines.add("Made of: " + String.join(", ", types) + ".");
        }
        return lines;
    }

    /** What slices show of an array, where that was counted. */
    private String slices(Suspect.Point point) {
        WastedHeap.Unused rest = point.node() < 0 ? null : unused.apply(point.node());
        if (rest == null) {
            return "A slice of it, however short, keeps the whole array.";
        }
        if (rest.kind() != WasteKind.PINNED_ARRAY) {
            return "No slice of it is so long: " + Quantities.bytes(rest.bytes()) + " of it are room to grow.";
        }
        long size = heap.graph().shallowSize(point.node());
        long shown = size - rest.bytes();
        boolean whole = point.elements() > 0 && size % point.elements() == 0 && shown % (size / point.elements()) == 0;
        String part = whole
                ? Quantities.count(shown / (size / point.elements())) + " of its " + Quantities.count(point.elements())
                        + " elements"
                : Quantities.bytes(shown) + " of it";
        return "All slices of it together reach " + part + " and keep the other " + Quantities.bytes(rest.bytes())
                + ".";
    }

    /** Of a crowd what its sum leaves out; empty if the dump does not tell. */
    private String descriptors(Owner owner) {
        ObjectGraph graph = heap.graph();
        int type = 0;
        while (type < heap.types().size() && !heap.types().get(type).name().equals(DESCRIPTOR)) {
            type++;
        }
        for (int object = 0; object < graph.objectCount() && type < heap.types().size(); object++) {
            if (graph.typeOf(object) == type) {
                long bytes = graph.shallowSize(object) * owner.count();
                return "Not counted: their descriptors (" + DESCRIPTOR + "), " + Quantities.bytes(bytes)
                        + ", which the runtime never frees: it uses them for the next goroutines.";
            }
        }
        return "";
    }

    private static String amount(long objects, String name) {
        return objects == 1 ? "one " + name : Quantities.count(objects) + " " + name;
    }

    private static String part(Step step) {
        String what = step.kind() == RetainedFrames.Kind.RECURSIVE ? step(step) : amount(step.objects(), step.name());
        return (step.via() == null ? "" : step.via() + " ") + what + " " + Quantities.bytes(step.retainedBytes());
    }

    /** Of a static field its class and what follows, else all but the owner itself. */
    private static List<Step> shownPath(Suspect suspect) {
        List<Step> path = suspect.path();
        String staticClass = suspect.owner().staticClass();
        int from = 0;
        for (int i = 0; i < path.size(); i++) {
            if (suspect.owner().loader() == null
                    && staticClass != null
                    && path.get(i).name().equals("class " + staticClass)) {
                from = i;
            }
        }
        while (from < path.size() - 1 && path.get(from).kind() == RetainedFrames.Kind.HOLDER && from == 0) {
            from++;
        }
        return path.subList(from, path.size());
    }

    /** A path from what the owner holds down; of a long one the ends. */
    private static String path(List<Step> path) {
        List<String> steps = path.stream().map(VerdictText::step).toList();
        if (steps.size() > MOST_STEPS) {
            List<String> ends = new ArrayList<>(steps.subList(0, MOST_STEPS / 2));
            ends.add("... " + (steps.size() - MOST_STEPS) + " more");
            ends.addAll(steps.subList(steps.size() - MOST_STEPS / 2, steps.size()));
            steps = ends;
        }
        return String.join(" > ", steps);
    }

    private static String step(Step step) {
        @Nullable String via = step.via();
        String name = step.objects() > 1 ? Quantities.count(step.objects()) + " " + step.name() : step.name();
        return switch (step.kind()) {
            case FIELD -> via + " " + name;
            case SHARED -> FrameNames.SHARED + " " + name;
            // Objects of several types, the name is the first one's.
            case RECURSIVE -> Quantities.count(step.objects()) + " objects that repeat from " + step.name() + " on";
            case HOLDER, OBJECT, DEEPER -> name;
        };
    }

    /** What comes next where nothing stands out: the largest, a line each. */
    List<String> largest() {
        return verdict.largest().stream().map(this::headline).toList();
    }
}

package dev.holdfast.dump.hprof;

import java.util.List;
import java.util.Map;

/**
 * Classes whose objects HotSpot makes larger than their fields, with what it is known to add in some release.
 *
 * <p>The entries are proposals: which one holds, if any, is decided by the distances between objects, and by the release
 * only where there are no such objects to look at (hprof.md 2.4).
 */
final class VmClasses {
    static final String CLASS = "java.lang.Class";
    static final String STACK_CHUNK = "jdk.internal.vm.StackChunk";

    /** What may be added to a class from one feature release to another, both included. */
    record Proposal(int from, int to, VmFields fields) {
        boolean holdsFor(int release) {
            return release == 0 || (release >= from && release <= to);
        }
    }

    private static final int NOW = Integer.MAX_VALUE;
    private static final FieldWidths POINTER = new FieldWidths(0, 1, 0, 0, 0);
    private static final VmFields ALL_PADDED = new VmFields(FieldWidths.NONE, FieldWidths.NONE, true);

    /**
     * Injected fields as the dumps of 17 and 25 show them in every layout; paddings as the annotations in the class files
     * of both say; of other releases from the literature.
     */
    private static final Map<String, List<Proposal>> PROPOSALS = Map.ofEntries(
            // loader_data
            Map.entry("java.lang.ClassLoader", List.of(add(8, NOW, POINTER))),
            // module_entry
            Map.entry("java.lang.Module", List.of(add(9, NOW, POINTER))),
            // vmindex; in 8 also vmtarget, and in its later updates vmloader
            Map.entry(
                    "java.lang.invoke.MemberName",
                    List.of(
                            add(10, NOW, POINTER),
                            add(8, 9, new FieldWidths(1, 2, 0, 0, 0)),
                            add(7, 9, new FieldWidths(0, 2, 0, 0, 0)))),
            // vmtarget, vmholder
            Map.entry(
                    "java.lang.invoke.ResolvedMethodName",
                    List.of(add(10, NOW, new FieldWidths(1, 1, 0, 0, 0)), add(11, NOW, POINTER))),
            // vmdependencies, last_cleanup: in a context of their own, and in 25 in the call site
            Map.entry(
                    "java.lang.invoke.MethodHandleNatives$CallSiteContext",
                    List.of(add(11, 24, new FieldWidths(0, 2, 0, 0, 0)), add(9, 10, POINTER))),
            Map.entry("java.lang.invoke.CallSite", List.of(add(25, NOW, new FieldWidths(0, 2, 0, 0, 0)))),
            // version
            Map.entry("java.lang.StackFrameInfo", List.of(add(9, NOW, new FieldWidths(0, 0, 0, 1, 0)))),
            // during_unsafe_access
            Map.entry("java.lang.InternalError", List.of(add(17, NOW, new FieldWidths(0, 0, 0, 0, 1)))),
            Map.entry(
                    "java.lang.Thread",
                    List.of(
                            // The state of ThreadLocalRandom stands apart from the rest.
                            pad(8, 18, new FieldWidths(0, 1, 2, 0, 0)),
                            // jvmti_thread_state, two transition marks, jfr_epoch
                            add(21, NOW, new FieldWidths(0, 1, 1, 1, 1)),
                            add(19, NOW, new FieldWidths(0, 1, 0, 1, 0)))),
            Map.entry("java.lang.VirtualThread", List.of(add(24, NOW, POINTER))),
            Map.entry(
                    "java.util.concurrent.ForkJoinPool",
                    List.of(
                            pad(14, 18, new FieldWidths(0, 1, 0, 0, 0)),
                            pad(19, NOW, new FieldWidths(0, 1, 1, 0, 0)),
                            new Proposal(8, 13, ALL_PADDED))),
            Map.entry(
                    "java.util.concurrent.ForkJoinPool$WorkQueue",
                    List.of(
                            pad(14, 18, new FieldWidths(0, 0, 3, 0, 0)),
                            pad(19, NOW, new FieldWidths(0, 0, 6, 0, 0)),
                            new Proposal(8, 13, ALL_PADDED))),
            Map.entry(
                    "java.util.concurrent.SubmissionPublisher$BufferedSubscription",
                    List.of(
                            new Proposal(9, NOW, new VmFields(FieldWidths.NONE, new FieldWidths(0, 1, 1, 0, 0), true)),
                            new Proposal(9, NOW, ALL_PADDED))),
            Map.entry("java.util.concurrent.ConcurrentHashMap$CounterCell", List.of(new Proposal(8, NOW, ALL_PADDED))),
            Map.entry("java.util.concurrent.atomic.Striped64$Cell", List.of(new Proposal(8, NOW, ALL_PADDED))),
            Map.entry("java.util.concurrent.Exchanger$Node", List.of(new Proposal(8, 21, ALL_PADDED))),
            Map.entry("java.util.concurrent.Exchanger$Slot", List.of(new Proposal(22, NOW, ALL_PADDED))),
            // cont, flags, pc, maxThawingSize; later lockStackSize
            Map.entry(
                    STACK_CHUNK,
                    List.of(
                            add(21, NOW, new FieldWidths(1, 1, 1, 0, 2)),
                            add(19, 20, new FieldWidths(1, 1, 1, 0, 1)))));

    private VmClasses() {}

    private static Proposal add(int from, int to, FieldWidths fields) {
        return new Proposal(from, to, VmFields.injected(fields));
    }

    private static Proposal pad(int from, int to, FieldWidths group) {
        return new Proposal(from, to, VmFields.padded(group));
    }

    /** The proposals for a class by its name in internal or dotted form; empty for nearly all. */
    static List<Proposal> proposals(String name) {
        if (!isOfTheJdk(name)) {
            return List.of();
        }
        return PROPOSALS.getOrDefault(name.replace('/', '.'), List.of());
    }

    /** Whether a class comes with the JDK: only such ones are given fields or paddings by the VM's defaults. */
    static boolean isOfTheJdk(String name) {
        return name.startsWith("java") || name.startsWith("jdk") || name.startsWith("sun") || name.startsWith("com");
    }
}

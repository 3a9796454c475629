package dev.holdfast.dump.hprof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Finds the layout of a dump's objects from their addresses (hprof.md 2.6), and with it all sizes.
 *
 * <p>Stateless but for one call; the time is that of looking up the neighbours of the sampled objects, some 20 ms for a
 * thousand classes.
 */
final class LayoutInference {
    /** Below this share of explained distances the ids are no addresses, or the objects lie scattered. */
    static final double LEAST_SHARE = 0.3;

    private static final int LEAST_SAMPLES = 16;
    /** So many explained arrays are enough to drop a layout that explains less than three quarters as many. */
    private static final int TELLING_ARRAYS = 200;
    /** What a system property weighs against addresses: it decides ties, and near ties of tiny heaps. */
    private static final double HINT = 0.01;
    /** The field rules differ in few classes, and the release says for sure which one holds. */
    private static final double RULE_HINT = 0.05;

    private final List<ClassShape> shapes;
    private final LayoutEvidence evidence;
    private final Spacing spacing;
    private final LongUnaryOperator nextAddress;
    private final LayoutHints hints;
    private final boolean[] skip;
    private final VmRelease release;
    private int objectClass = -1;
    private int classClass = -1;
    private int stackChunkClass = -1;

    private LayoutInference(
            List<ClassShape> shapes,
            LayoutEvidence evidence,
            Spacing spacing,
            LongUnaryOperator nextAddress,
            LayoutHints hints) {
        this.shapes = shapes;
        this.evidence = evidence;
        this.spacing = spacing;
        this.nextAddress = nextAddress;
        this.hints = hints;
        this.skip = new boolean[shapes.size()];
        for (int c = 0; c < skip.length; c++) {
            ClassShape shape = shapes.get(c);
            if (shape.isNamed(VmClasses.CLASS)) {
                classClass = c;
                skip[c] = true;
            } else if (shape.isNamed(VmClasses.STACK_CHUNK)) {
                stackChunkClass = c;
                skip[c] = true;
            } else if (shape.isNamed("java.lang.Object")) {
                objectClass = c;
            }
        }
        release = VmRelease.of(hints, shapes, classClass, stackChunkClass);
    }

    /**
     * Infers all sizes.
     *
     * @param shapes the classes; an index in the evidence is an index in this list
     * @param evidence what the scan collected, merged; it is sealed here
     * @param idSize the bytes of an identifier in the file
     * @param nextAddress the address of the next object (of any kind, class objects among them) above an address, -1 or
     *     the address itself for none
     * @param hints system properties of the process, as far as known
     * @param decided what the caller fixes
     */
    static InferredLayout infer(
            List<ClassShape> shapes,
            LayoutEvidence evidence,
            int idSize,
            LongUnaryOperator nextAddress,
            LayoutHints hints,
            LayoutOverride decided) {
        evidence.seal();
        Spacing spacing = new Spacing(shapes.size(), evidence, nextAddress);
        return new LayoutInference(shapes, evidence, spacing, nextAddress, hints).infer(idSize, decided);
    }

    private InferredLayout infer(int idSize, LayoutOverride decided) {
        // Only ART and native-image write an instance size that is not 0 for a class without fields.
        boolean declared = objectClass >= 0 && shapes.get(objectClass).declaredSize() > 0;
        int alignment = decided.alignment() != 0 ? decided.alignment() : evidence.alignment();
        List<ObjectLayout> candidates = new ArrayList<>(LayoutCandidates.of(idSize, alignment, declared));
        candidates.removeIf(candidate -> !decided.allows(candidate));
        if (candidates.isEmpty()) {
            candidates.add(decided.applied(usual(idSize, alignment, declared)));
        }
        List<LayoutScore> scores = scores(candidates);
        LayoutScore best = best(scores);
        boolean assumed = best.samples() < LEAST_SAMPLES || best.share() < LEAST_SHARE;
        if (assumed) {
            int usualAlignment = decided.alignment() != 0 ? decided.alignment() : 8;
            best = score(decided.applied(usual(idSize, usualAlignment, declared)));
        }
        double runnerUp = 0;
        for (LayoutScore score : scores) {
            if (!score.refuted() && differs(score.layout(), best.layout())) {
                runnerUp = Math.max(runnerUp, score.share());
            }
        }
        return sizes(best, assumed, runnerUp);
    }

    /** Scores all; those that arrays rule out by themselves are not put to the classes, which is most of the work. */
    private List<LayoutScore> scores(List<ObjectLayout> candidates) {
        List<LayoutScore> scores = new ArrayList<>();
        long most = 0;
        for (ObjectLayout candidate : candidates) {
            LayoutScore score = LayoutScore.ofArrays(candidate, spacing);
            scores.add(score);
            most = Math.max(most, score.refuted() ? 0 : score.matches());
        }
        for (int i = 0; i < scores.size(); i++) {
            LayoutScore score = scores.get(i);
            boolean out = most >= TELLING_ARRAYS && (score.refuted() || 4 * score.matches() < 3 * most);
            if (!out) {
                scores.set(i, score.withInstances(shapes, spacing, skip));
            }
        }
        return scores;
    }

    private LayoutScore score(ObjectLayout layout) {
        return LayoutScore.ofArrays(layout, spacing).withInstances(shapes, spacing, skip);
    }

    private static boolean differs(ObjectLayout a, ObjectLayout b) {
        return a.header() != b.header() || a.reference() != b.reference();
    }

    private LayoutScore best(List<LayoutScore> scores) {
        LayoutScore best = scores.get(0);
        double most = Double.NEGATIVE_INFINITY;
        for (LayoutScore score : scores) {
            double worth = score.share() + likelihood(score.layout()) - (score.refuted() ? 1 + score.overShare() : 0);
            if (worth > most) {
                most = worth;
                best = score;
            }
        }
        return best;
    }

    /** What is known of the VM apart from addresses, in small change. */
    private double likelihood(ObjectLayout layout) {
        double sum = 0;
        if (hints.vmVersion() != null || hints.compressedOopsMode() != null) {
            sum += (layout.reference() == 4) == (hints.compressedOopsMode() != null) ? HINT : 0;
        }
        boolean fits = (layout.rule() == FieldRule.FILL_HOLES) == (release.number() >= 15);
        boolean arraysFit = (layout.arrayBase() == ArrayBase.ELEMENT) == (release.number() >= 23);
        if (release.certain()) {
            sum += (fits ? RULE_HINT : 0) + (arraysFit ? HINT : 0);
        } else {
            sum += (fits ? 1e-9 : 0) + (arraysFit ? 1e-9 : 0);
        }
        return sum;
    }

    /** What most dumps of the kind have, for one that gives no evidence. */
    private ObjectLayout usual(int idSize, int alignment, boolean declared) {
        boolean art = idSize == 4 && declared;
        if (art || (idSize == 4 && "32".equals(hints.dataModel()))) {
            return new ObjectLayout(8, 4, alignment, art ? FieldRule.DECLARED : FieldRule.BY_LEVEL, ArrayBase.ELEMENT);
        }
        boolean compressed = hints.vmVersion() == null || hints.compressedOopsMode() != null;
        // The profiling agent writes 4-byte ids on 64-bit VMs too, and it ended with JDK 8.
        FieldRule rule = declared
                ? FieldRule.DECLARED
                : idSize == 4 || release.number() < 15 ? FieldRule.BY_LEVEL : FieldRule.FILL_HOLES;
        int header = compressed || rule == FieldRule.FILL_HOLES ? 12 : 16;
        return new ObjectLayout(
                header,
                compressed ? 4 : 8,
                alignment,
                rule,
                release.number() >= 23 ? ArrayBase.ELEMENT : ArrayBase.WORD);
    }

    private InferredLayout sizes(LayoutScore best, boolean assumed, double runnerUp) {
        ObjectLayout layout = best.layout();
        ClassSizes classes = new ClassSizes(shapes, layout, spacing, release.number(), skip);
        if (layout.rule() != FieldRule.DECLARED) {
            classes.addKnown();
            if (!assumed) {
                classes.correctBySpacing(best.share());
            }
        }
        if (assumed) {
            Arrays.fill(classes.sizings, Sizing.ASSUMED);
        }
        MirrorSizes mirrors =
                MirrorSizes.of(shapes, layout, classes.additions, classClass, spacing, nextAddress, release.number());
        if (classClass >= 0 && layout.rule() != FieldRule.DECLARED) {
            // The instances of java.lang.Class that HotSpot dumps are those of primitive types: they have no statics.
            classes.sizes[classClass] = mirrors.base;
        }
        if (stackChunkClass >= 0) {
            classes.sizings[stackChunkClass] = Sizing.INDIVIDUAL;
        }
        return new InferredLayout(
                best, assumed, runnerUp, classes.sizes, classes.sizings, mirrors, stackChunkClass, enlarged(classes));
    }

    private List<InferredLayout.Enlarged> enlarged(ClassSizes classes) {
        List<InferredLayout.Enlarged> enlarged = new ArrayList<>();
        for (int c = 0; c < classes.sizes.length; c++) {
            if (classes.sizes[c] != classes.plain[c] && !skip[c] && evidence.instances(c) > 0) {
                enlarged.add(new InferredLayout.Enlarged(
                        shapes.get(c).name(),
                        evidence.instances(c),
                        classes.plain[c],
                        classes.sizes[c],
                        classes.sizings[c]));
            }
        }
        return List.copyOf(enlarged);
    }
}

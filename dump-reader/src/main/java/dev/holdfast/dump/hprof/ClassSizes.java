package dev.holdfast.dump.hprof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The size of every class under a chosen layout, put right where the VM adds to a class what the dump does not show
 * (hprof.md 2.4).
 *
 * <p>First the additions HotSpot is known for, each only as far as the distances between objects allow; they change
 * subclasses as they do in the VM. Then the classes whose instances all lie further apart than their fields explain.
 */
final class ClassSizes {
    /** Below this many instances a constant distance is no evidence. */
    private static final int LEAST_INSTANCES = 3;
    /** Two paddings of 128 on each side, and injected fields: no addition known is larger. */
    private static final long MOST_ADDED = 1024;

    private static final long MOST_INJECTED = 32;
    private static final double LEAST_DENSITY = 0.9;

    private final List<ClassShape> shapes;
    private final ObjectLayout layout;
    private final Spacing spacing;
    private final int release;
    private final boolean[] skip;
    final @Nullable VmFields[] additions;
    private final int[] firstChild;
    private final int[] nextSibling;

    final long[] plain;
    long[] sizes;
    final Sizing[] sizings;

    ClassSizes(List<ClassShape> shapes, ObjectLayout layout, Spacing spacing, int release, boolean[] skip) {
        this.shapes = shapes;
        this.layout = layout;
        this.spacing = spacing;
        this.release = release;
        this.skip = skip;
        int n = shapes.size();
        additions = new VmFields[n];
        firstChild = new int[n];
        nextSibling = new int[n];
        sizings = new Sizing[n];
        Arrays.fill(sizings, Sizing.RULE);
        plain = InstanceSizes.of(shapes, layout);
        sizes = plain.clone();
        linkChildren();
    }

    private void linkChildren() {
        Arrays.fill(firstChild, -1);
        Arrays.fill(nextSibling, -1);
        for (int c = shapes.size() - 1; c >= 0; c--) {
            int parent = shapes.get(c).superclass();
            if (parent >= 0 && parent < firstChild.length && parent != c) {
                nextSibling[c] = firstChild[parent];
                firstChild[parent] = c;
            }
        }
    }

    /** Chooses among the additions known for HotSpot classes, superclasses before subclasses. */
    void addKnown() {
        List<int[]> byDepth = new ArrayList<>();
        // The JDK has one class of each of these names; a forged dump may have any number.
        Set<String> met = new HashSet<>();
        for (int c = 0; c < shapes.size(); c++) {
            String name = shapes.get(c).name();
            if (!VmClasses.proposals(name).isEmpty() && met.add(name)) {
                byDepth.add(new int[] {depth(c), c});
            }
        }
        byDepth.sort((a, b) -> a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(a[1], b[1]));
        for (int[] entry : byDepth) {
            choose(entry[1]);
        }
        sizes = InstanceSizes.of(shapes, layout, additions);
        for (int c = 0; c < sizes.length; c++) {
            if (sizes[c] != plain[c]) {
                sizings[c] = Sizing.KNOWN_ADDITION;
            }
        }
    }

    private int depth(int c) {
        int depth = 0;
        for (int p = c;
                p >= 0 && p < shapes.size() && depth <= shapes.size();
                p = shapes.get(p).superclass()) {
            depth++;
        }
        return depth;
    }

    private void choose(int c) {
        Family family = family(c);
        FieldWidths own = shapes.get(c).fields();
        VmFields best = null;
        long bestMatches = judge(family, c, null);
        boolean known = bestMatches > 0;
        for (VmClasses.Proposal proposal : VmClasses.proposals(shapes.get(c).name())) {
            if (!own.covers(proposal.fields().padded())) {
                continue;
            }
            long matches = judge(family, c, proposal.fields());
            boolean usual = !known && best == null && matches == 0 && proposal.holdsFor(release);
            if (matches > bestMatches || usual) {
                best = proposal.fields();
                bestMatches = matches;
                known |= matches > 0;
            }
        }
        additions[c] = best;
    }

    /** Matches in the family with this addition, -1 if objects would overlap. */
    private long judge(Family family, int c, @Nullable VmFields fields) {
        family.additions[family.index(c)] = fields;
        long[] computed = InstanceSizes.of(family.shapes, layout, family.additions);
        long matches = 0;
        long over = 0;
        for (int i = family.ancestors - 1; i < family.members.length; i++) {
            int member = family.members[i];
            if (skip[member]) {
                continue;
            }
            matches += spacing.matches(member, computed[i]);
            over += spacing.below(member, computed[i]);
        }
        return over * 50 > matches + over ? -1 : matches;
    }

    /** A class with all its superclasses and subclasses, numbered on their own. */
    private static final class Family {
        final int ancestors;
        final int[] members;
        final List<ClassShape> shapes = new ArrayList<>();
        final @Nullable VmFields[] additions;

        Family(int ancestors, int[] members, List<ClassShape> all, @Nullable VmFields[] known) {
            this.ancestors = ancestors;
            this.members = members;
            this.additions = new VmFields[members.length];
            int[] position = new int[all.size()];
            Arrays.fill(position, -1);
            for (int i = 0; i < members.length; i++) {
                ClassShape s = all.get(members[i]);
                int parent = s.superclass() >= 0 && s.superclass() < position.length ? position[s.superclass()] : -1;
                shapes.add(new ClassShape(
                        s.name(), parent, s.fields(), s.statics(), s.inventedStatics(), s.declaredSize(), s.mirror()));
                additions[i] = known[members[i]];
                position[members[i]] = i;
            }
        }

        /** Ancestors come first and the class is the last of them. */
        int index(int c) {
            return members[ancestors - 1] == c ? ancestors - 1 : -1;
        }
    }

    private Family family(int c) {
        int[] members = new int[16];
        int n = 0;
        int limit = shapes.size();
        for (int p = c; p >= 0 && p < limit && n <= limit; p = shapes.get(p).superclass()) {
            members = room(members, n);
            members[n++] = p;
        }
        for (int i = 0, j = n - 1; i < j; i++, j--) {
            int swap = members[i];
            members[i] = members[j];
            members[j] = swap;
        }
        int ancestors = n;
        for (int next = ancestors - 1; next < n; next++) {
            for (int child = firstChild[members[next]]; child >= 0 && n <= 2 * limit; child = nextSibling[child]) {
                members = room(members, n);
                members[n++] = child;
            }
        }
        return new Family(ancestors, Arrays.copyOf(members, n), shapes, additions);
    }

    private static int[] room(int[] members, int n) {
        return n < members.length ? members : Arrays.copyOf(members, n * 2);
    }

    /**
     * Takes constant larger distances for the size, of classes that the VM may enlarge and that no addition above
     * explains: those of other releases.
     *
     * <p>A collector that does not move objects leaves constant distances too, where what always followed an object has
     * died. Hence only heaps as dense as compaction makes them count, nearly every instance must agree, and the
     * difference must be that of a few injected words or of two paddings: without these conditions seven classes of two
     * JDK 17 dumps (Shenandoah, ZGC) came out wrong, with them none.
     *
     * @param share how much of all distances the layout explains
     */
    void correctBySpacing(double share) {
        if (share < LEAST_DENSITY) {
            return;
        }
        for (int c = 0; c < sizes.length; c++) {
            int count = spacing.count(c);
            if (skip[c] || count < LEAST_INSTANCES || !enlargeable(c)) {
                continue;
            }
            long least = spacing.least(c);
            long added = least - sizes[c];
            boolean plausible = (added > 0 && added <= MOST_INJECTED)
                    || (added >= 2 * VmFields.PADDING - 16 && added <= MOST_ADDED);
            if (plausible && 10 * spacing.matches(c, least) >= 9 * count) {
                sizes[c] = least;
                sizings[c] = Sizing.SPACING;
            }
        }
    }

    /** Fields are injected, and by default padding is honoured, only in classes of the JDK. */
    private boolean enlargeable(int c) {
        return VmClasses.isOfTheJdk(shapes.get(c).name());
    }
}

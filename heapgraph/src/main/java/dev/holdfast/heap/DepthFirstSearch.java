package dev.holdfast.heap;

import dev.holdfast.dump.Progress;

/**
 * Numbers the reachable nodes in depth-first preorder and collects what the dominator algorithm needs of the edges.
 *
 * <p>An edge v to w is met once, when v is active, and three cases exhaust it. If w has no number it is a tree edge. If w
 * has a higher number it is a forward edge: v is then itself a candidate for the semidominator of w, which is a minimum and
 * needs no list. Else it is a back or cross edge and goes into a list. So the edges are walked once, and the lists of
 * predecessors hold only a part of them. Edges into roots are left out: a root's dominator is the virtual root whatever they
 * say.
 *
 * <p>Pendant nodes lose their number again when the search leaves them: those to which a single edge leads and below which
 * the tree has nothing but pendant nodes. The edge's source dominates such a node. It dominates nothing but what is pendant
 * below it, for whatever else its edges lead to was reached before it, on a way without it. So nothing but the edges
 * themselves is lost if they count as edges of the node above instead. That is done without writing them again: a list's
 * source comes after its targets, and as long as it is not written it may still become that of the node above. Where it was
 * written, because a node below had edges of its own in between, the node keeps its number. Edges to class objects are
 * looked at last, so that those of what is below come before and go the same way. Of a business-like heap 72 %
 * of all nodes are pendant, of a compiler's 22 %.
 *
 * <p>No recursion; the stack is the tree itself. Memory: 4 columns of 4 bytes a node, one of which ends with the
 * search, 1 bit a node, and 4 to 8 bytes a listed edge. Used by one thread.
 */
final class DepthFirstSearch {
    private static final int ROOT_PENDING = Integer.MIN_VALUE;
    private static final int DONE = -1;
    private static final int STEPS_A_WALK = 1 << 17;
    private static final int NODES_A_STEP = 1 << 16;
    private static final int PAIRS_A_WALK = 1 << 12;

    private final NodeGraph graph;
    private final ColumnStore store;
    private final Progress progress;

    /** Preorder number of each node; 0 if it has none yet, negated for roots. */
    private final IntColumn numbers;

    private final IntColumn nodes;
    private final IntColumn parents;
    /**
     * By number: the lowest number with a tree or forward edge to it. While a node is active nothing can be known but the
     * tree edge, so till then its place has the edge to look at next, counted from the node's first, or {@link #DONE}.
     */
    private final IntColumn candidates;

    private final SingleEntries single;
    private final IntSpool later;
    private final int[] pairs;
    private int pairCount;
    private long laterEdges;
    private int count;
    /** Number of the pendant node met last; they go down from the number of nodes, and are moved up at the end. */
    private int pendant;

    // Where the list of edges stands: whose the last ones are, the last of them, and the last source written.
    private int openSource;
    private int lastListed;
    private int writtenSource;

    // Where the walk stands: the active node with its number, its edges that are left, and the target in hand or -1.
    private int current;
    private int currentNode;
    private long next;
    private long end;
    private int target;

    /**
     * Prepares a search.
     *
     * @param aside for the order of nodes and the list of edges
     */
    DepthFirstSearch(NodeGraph graph, ColumnStore store, ColumnStore aside, Progress progress) {
        this.graph = graph.withoutClassEdgesToRoots();
        this.store = store;
        this.progress = progress;
        long size = columnSize(graph.nodes());
        this.numbers = store.ints(size);
        this.nodes = aside.ints(size);
        this.parents = store.ints(size);
        this.candidates = store.ints(size);
        this.single = SingleEntries.of(this.graph, store);
        this.pendant = graph.nodes() + 1;
        this.later = new IntSpool(aside);
        this.pairs = new int[2 * (int) Math.min(PAIRS_A_WALK, Math.max(64, size))];
    }

    /**
     * Size of all columns over nodes or numbers, so that those that end can serve those that begin: numbers start at 1, and
     * the predecessors of the last number need an end.
     */
    static long columnSize(int nodes) {
        return nodes + 2L;
    }

    /** Searches from all roots in ascending order. */
    void run() {
        int[] roots = graph.roots();
        for (int root : roots) {
            numbers.set(root, ROOT_PENDING);
        }
        progress.phase("walking the graph", graph.nodes());
        for (int root : roots) {
            if (numbers.get(root) == ROOT_PENDING) {
                searchFrom(root);
            }
        }
        addConditionalRoots(graph.conditionalRoots());
        if (openSource != 0) {
            later.add(-openSource);
        }
        single.release(store);
        numberPendant();
        store.release(numbers);
    }

    /**
     * Searches from what is a root only because its source was not reached. One that was reached itself hangs below the
     * virtual root all the same: 0 is the lowest semidominator there is.
     */
    private void addConditionalRoots(ConditionalRoots roots) {
        for (int i = 0; i < roots.count(); i++) {
            if (roots.source(i) >= 0 && numbers.get(roots.source(i)) != 0) {
                continue;
            }
            int number = numbers.get(roots.target(i));
            if (number == 0) {
                searchFrom(roots.target(i));
            } else if (number > 0) {
                candidates.set(number, 0);
            }
        }
    }

    private void searchFrom(int root) {
        count++;
        numbers.set(root, -count);
        nodes.set(count, root);
        // What had this number before may have been pendant.
        parents.set(count, 0);
        search(root);
    }

    private void search(int root) {
        enter(root, count);
        while (walk()) {
            flush();
            progress.check();
            progress.advance(reached());
        }
        flush();
    }

    private void flush() {
        for (int i = 0; i < pairCount; i++) {
            later.add(pairs[i]);
        }
        pairCount = 0;
    }

    private void enter(int node, int number) {
        currentNode = node;
        current = number;
        next = graph.edges().first(node);
        end = graph.edges().end(node);
        target = firstTarget(node);
    }

    /** The class object, if this is the first node that leads to it; else nothing, as its turn comes last. */
    private int firstTarget(int node) {
        int classNode = graph.classNode(node);
        return classNode >= 0 && numbers.get(classNode) == 0 ? classNode : -1;
    }

    /**
     * Walks until the search from this root is done (false), many nodes were met or the buffer of pairs is full.
     *
     * <p>The loop contains no call that is not inlined: after a call the compiler would load the fields of all columns
     * again, which makes the walk twice as slow. So all that is rare happens between two walks.
     */
    private boolean walk() {
        NodeGraph graph = this.graph;
        EdgeList edges = graph.edges();
        UnsignedColumn offsets = edges.offsets();
        IntColumn targets = edges.targets();
        LongColumn single = this.single.bits();
        IntColumn numbers = this.numbers;
        IntColumn nodes = this.nodes;
        IntColumn parents = this.parents;
        IntColumn candidates = this.candidates;
        int[] pairs = this.pairs;
        boolean strongOnly = graph.strongOnly();

        int v = current;
        int node = currentNode;
        long first = offsets.get(node);
        long at = next;
        long end = this.end;
        int target = this.target;
        int skipped = strongOnly ? graph.referentSlot(node) : -1;
        int last = count;
        int lowestPendant = pendant;
        int pair = 0;
        int open = openSource;
        int lastTarget = lastListed;
        int written = writtenSource;
        long listed = laterEdges;
        for (int step = 0; step < STEPS_A_WALK && v != 0 && pair < pairs.length - 1; step++) {
            // Each step ends with one edge, from a source to a target by their numbers; 0 where there is none.
            int source = v;
            int number = 0;
            if (target < 0 && at == end) {
                int classNode = graph.classNode(node);
                number = classNode < 0 ? 0 : numbers.get(classNode);
                int above = parents.get(v);
                if (last == v && written < v && (single.get(node >>> 6) >>> node & 1) != 0) {
                    last--;
                    lowestPendant--;
                    nodes.set(lowestPendant, node);
                    parents.set(lowestPendant, nodes.get(above));
                    numbers.set(node, lowestPendant);
                    open = open == v ? above : open;
                    source = above;
                } else {
                    candidates.set(v, above);
                }
                v = above;
                node = nodes.get(v);
                int cursor = candidates.get(v);
                if (cursor != DONE && v != 0) {
                    first = offsets.get(node);
                    at = first + Integer.toUnsignedLong(cursor);
                    end = offsets.get(node + 1L);
                    skipped = strongOnly ? graph.referentSlot(node) : -1;
                }
            } else {
                if (target < 0) {
                    target = targets.get(at);
                    if (skipped >= 0 && edges.slot(at) == skipped) {
                        at++;
                        target = -1;
                        continue;
                    }
                    at++;
                }
                boolean onlyHere = (single.get(target >>> 6) >>> target & 1) != 0;
                number = onlyHere ? 0 : numbers.get(target);
                if (number == 0) {
                    long childFirst = offsets.get(target);
                    long childEnd = offsets.get(target + 1L);
                    int classNode = graph.classNode(target);
                    int classNumber = classNode < 0 ? 0 : numbers.get(classNode);
                    boolean leaf = childFirst == childEnd && (classNode < 0 || classNumber != 0);
                    if (leaf && onlyHere) {
                        lowestPendant--;
                        nodes.set(lowestPendant, target);
                        parents.set(lowestPendant, node);
                        number = classNumber;
                    } else {
                        int w = ++last;
                        numbers.set(target, w);
                        nodes.set(w, target);
                        parents.set(w, v);
                        if (leaf) {
                            // As many nodes are: no need to leave the active node and come back.
                            candidates.set(w, v);
                            source = w;
                            number = classNumber;
                        } else {
                            candidates.set(v, at == end ? DONE : (int) (at - first));
                            v = w;
                            node = target;
                            first = childFirst;
                            at = childFirst;
                            end = childEnd;
                            skipped = strongOnly ? graph.referentSlot(node) : -1;
                            target = classNode >= 0 && classNumber == 0 ? classNode : -1;
                            continue;
                        }
                    }
                }
                target = -1;
            }
            if (number > source) {
                if (source < candidates.get(number)) {
                    candidates.set(number, source);
                }
            } else if (number > 0 && number < source) {
                if (source != open) {
                    if (open != 0) {
                        pairs[pair++] = -open;
                        written = open;
                    }
                    open = source;
                    lastTarget = 0;
                }
                if (number != lastTarget) {
                    pairs[pair++] = number;
                    lastTarget = number;
                    listed++;
                }
            }
        }
        count = last;
        pendant = lowestPendant;
        pairCount = pair;
        openSource = open;
        lastListed = lastTarget;
        writtenSource = written;
        laterEdges = listed;
        current = v;
        currentNode = node;
        next = at;
        this.end = end;
        this.target = target;
        return v != 0;
    }

    /** Moves pendant nodes up behind the others, with the numbers of what they hang from. */
    private void numberPendant() {
        int gap = pendant - count - 1;
        for (int from = pendant; from <= graph.nodes(); from += NODES_A_STEP) {
            progress.check();
            numberPendant(from, (int) Math.min(graph.nodes() + 1L, (long) from + NODES_A_STEP), gap);
        }
    }

    private void numberPendant(int from, int to, int gap) {
        for (int place = from; place < to; place++) {
            int number = Math.abs(numbers.get(parents.get(place)));
            nodes.set(place - gap, nodes.get(place));
            parents.set(place - gap, number > count ? number - gap : number);
        }
    }

    /** How many nodes the dominator algorithm has to look at; their numbers are 1 to this. */
    int count() {
        return count;
    }

    /**
     * How many nodes were reached. The numbers above {@link #count()} are those of the pendant nodes, of which each comes
     * after its parent, which dominates it.
     */
    int reached() {
        return count + graph.nodes() + 1 - pendant;
    }

    /** Node of each number. */
    IntColumn nodes() {
        return nodes;
    }

    /** Number of each number's parent in the tree; 0 is the virtual root. */
    IntColumn parents() {
        return parents;
    }

    /** By number: the lowest number with a tree or forward edge to it; only up to {@link #count()}. */
    IntColumn candidates() {
        return candidates;
    }

    /** Back and cross edges: the targets of a source's edges, then the source, negated, and so on. */
    IntSpool later() {
        return later;
    }

    /** How many back and cross edges there are. */
    long laterEdges() {
        return laterEdges;
    }
}

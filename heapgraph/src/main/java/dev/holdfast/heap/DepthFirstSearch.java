package dev.holdfast.heap;

import dev.holdfast.dump.Progress;

/**
 * Numbers the reachable nodes in depth-first preorder and collects what the dominator algorithm needs of the edges.
 *
 * <p>An edge v to w is met once, when v is active, and three cases exhaust it. If w has no number it is a tree edge. If w
 * has a higher number it is a forward edge: v is then itself a candidate for the semidominator of w, which is a minimum and
 * needs no list. Else it is a back or cross edge and goes into a list. So the edges are walked once, and the lists of
 * predecessors hold only a part of them (on a business-like heap 0.5 of 2.4 edges an object). Edges into roots are left
 * out: a root's dominator is the virtual root whatever they say.
 *
 * <p>No recursion; the stack is the tree itself (parents) and a column of cursors. Memory: 5 columns of 4 bytes a node,
 * two of which end with the search, and 4 to 8 bytes a listed edge. Used by one thread.
 */
final class DepthFirstSearch {
    private static final int ROOT_PENDING = Integer.MIN_VALUE;
    private static final int DONE = -1;
    private static final int NODES_A_WALK = 1 << 16;
    private static final int PAIRS_A_WALK = 1 << 12;

    private final NodeGraph graph;
    private final ColumnStore store;
    private final Progress progress;

    /** Preorder number of each node; 0 if it has none yet, negated for roots. */
    private final IntColumn numbers;
    /** By number: the edge to look at next, counted from the node's first; {@link #DONE} if none is left. */
    private final IntColumn cursors;

    private final IntColumn nodes;
    private final IntColumn parents;
    private final IntColumn candidates;
    private final IntSpool later;
    private final int[] pairs;
    private int pairCount;
    private long laterEdges;
    private int count;

    // Where the walk stands: the active node with its number, its edges that are left, and the target in hand or -1.
    private int current;
    private int currentNode;
    private long next;
    private long end;
    private int target;

    /** Prepares a search. */
    DepthFirstSearch(NodeGraph graph, ColumnStore store, Progress progress) {
        this.graph = graph.withoutClassEdgesToRoots();
        this.store = store;
        this.progress = progress;
        long size = columnSize(graph.nodes());
        this.numbers = store.ints(size);
        this.cursors = store.ints(size);
        this.nodes = store.ints(size);
        this.parents = store.ints(size);
        this.candidates = store.ints(size);
        this.later = new IntSpool(store);
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
        store.release(numbers);
        store.release(cursors);
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
        search(root);
    }

    private void search(int root) {
        enter(root, count);
        while (walk()) {
            flush();
            progress.check();
            progress.advance(count);
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
        target = graph.classNode(node);
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
        IntColumn numbers = this.numbers;
        IntColumn cursors = this.cursors;
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
        int stop = last + NODES_A_WALK;
        int pair = 0;
        int lastSource = 0;
        long listed = laterEdges;
        while (last < stop && pair < pairs.length - 1) {
            if (target < 0) {
                if (at == end) {
                    // Back to the nearest ancestor with edges left.
                    do {
                        v = parents.get(v);
                    } while (v != 0 && cursors.get(v) == DONE);
                    if (v == 0) {
                        break;
                    }
                    node = nodes.get(v);
                    first = offsets.get(node);
                    at = first + Integer.toUnsignedLong(cursors.get(v));
                    end = offsets.get(node + 1L);
                    skipped = strongOnly ? graph.referentSlot(node) : -1;
                }
                target = targets.get(at);
                if (skipped >= 0 && edges.slot(at) == skipped) {
                    at++;
                    target = -1;
                    continue;
                }
                at++;
            }
            int number = numbers.get(target);
            if (number == 0) {
                int w = ++last;
                numbers.set(target, w);
                nodes.set(w, target);
                parents.set(w, v);
                candidates.set(w, v);
                long childFirst = offsets.get(target);
                long childEnd = offsets.get(target + 1L);
                // The class edge comes first and only once: when a node gets its number, not when it is resumed.
                int childTarget = graph.classNode(target);
                if (childFirst == childEnd && childTarget < 0) {
                    // A leaf, as two fifths of all nodes are: no need to leave the active node and come back.
                    target = -1;
                    continue;
                }
                cursors.set(v, at == end ? DONE : (int) (at - first));
                v = w;
                node = target;
                first = childFirst;
                at = childFirst;
                end = childEnd;
                skipped = strongOnly ? graph.referentSlot(node) : -1;
                target = childTarget;
                continue;
            }
            if (number > v) {
                if (v < candidates.get(number)) {
                    candidates.set(number, v);
                }
            } else if (number > 0 && number < v) {
                if (v != lastSource) {
                    pairs[pair++] = -v;
                    lastSource = v;
                }
                pairs[pair++] = number;
                listed++;
            }
            target = -1;
        }
        count = last;
        pairCount = pair;
        laterEdges = listed;
        current = v;
        currentNode = node;
        next = at;
        this.end = end;
        this.target = target;
        return v != 0;
    }

    /** How many nodes were reached; their numbers are 1 to this. */
    int count() {
        return count;
    }

    /** Node of each number. */
    IntColumn nodes() {
        return nodes;
    }

    /** Number of each number's parent in the tree; 0 is the virtual root. */
    IntColumn parents() {
        return parents;
    }

    /** By number: the lowest number with a tree or forward edge to it. */
    IntColumn candidates() {
        return candidates;
    }

    /** Back and cross edges: a source, negated, then the targets of its edges, and so on. */
    IntSpool later() {
        return later;
    }

    /** How many back and cross edges there are. */
    long laterEdges() {
        return laterEdges;
    }
}

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
 * <p>No recursion; the stack holds only nodes with edges left. Memory: 20 bytes a node, of which 8 end with the search, 4
 * to 8 bytes a listed edge, and 8 bytes for each node on the stack (all nodes at worst, few on real heaps). Used by one
 * thread.
 */
final class DepthFirstSearch {
    private static final int ROOT_PENDING = Integer.MIN_VALUE;
    private static final long NUMBER = 0xffff_ffffL;
    private static final int NODES_A_WALK = 1 << 16;
    private static final int PAIRS_A_WALK = 1 << 12;

    /** The top of the stack that a walk works on. */
    private static final int TOP = 1 << 12;

    /** Graphs with so many edges or more have offsets that do not fit beside a number. */
    private static final long MANY_EDGES = 1L << 32;

    private final NodeGraph graph;
    private final ColumnStore store;
    private final Progress progress;

    /**
     * By node its number (low half; 0 if it has none yet, negated for roots) and the offset of its first edge, which are
     * wanted together: so a new node is one line of the cache less.
     */
    private final LongColumn heads;

    private final boolean offsetsApart;

    private final IntColumn nodes;
    private final IntColumn parents;
    private final IntColumn candidates;
    private final IntSpool later;
    private final int[] pairs;
    private int pairCount;
    private long laterEdges;
    private int count;

    /** Ancestors of the active node with edges left, the nearest last: number (high half) and how many edges are done. */
    private final long[] top = new long[TOP];

    private int depth;
    /** What does not fit into the top: the same as pairs. */
    private final IntStack bottom;

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
        this.heads = store.longs(size);
        this.offsetsApart = graph.edges().size() >= MANY_EDGES;
        this.nodes = store.ints(size);
        this.parents = store.ints(size);
        this.candidates = store.ints(size);
        this.later = new IntSpool(store);
        this.bottom = new IntStack(store);
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
        progress.phase("walking the graph", graph.nodes());
        if (!offsetsApart) {
            for (int from = 0; from <= graph.nodes(); from += NODES_A_WALK) {
                begin(from, (int) Math.min(graph.nodes() + 1L, (long) from + NODES_A_WALK));
            }
        }
        int[] roots = graph.roots();
        for (int root : roots) {
            setNumber(root, ROOT_PENDING);
        }
        for (int root : roots) {
            if ((int) heads.get(root) == ROOT_PENDING) {
                count++;
                setNumber(root, -count);
                nodes.set(count, root);
                search(root);
            }
        }
        store.release(heads);
        bottom.release();
    }

    private void begin(int from, int to) {
        UnsignedColumn offsets = graph.edges().offsets();
        for (int node = from; node < to; node++) {
            heads.set(node, offsets.get(node) << 32);
        }
    }

    private void setNumber(int node, int number) {
        heads.set(node, heads.get(node) & ~NUMBER | number & NUMBER);
    }

    private void search(int root) {
        enter(root, count);
        do {
            walk();
            flush();
            progress.check();
            progress.advance(count);
            if (depth == TOP) {
                lower();
            }
        } while (target >= 0 || next < end || depth > 0 || raise());
    }

    /** Moves the lower half of the top to the bottom. */
    private void lower() {
        int half = TOP / 2;
        for (int i = 0; i < half; i++) {
            bottom.push((int) (top[i] >>> 32));
            bottom.push((int) top[i]);
        }
        System.arraycopy(top, half, top, 0, TOP - half);
        depth -= half;
    }

    /** Moves some of the bottom to the empty top, if there is any. */
    private boolean raise() {
        int some = 0;
        while (some < TOP / 2 && !bottom.isEmpty()) {
            int done = bottom.pop();
            top[some++] = (long) bottom.pop() << 32 | done & NUMBER;
        }
        for (int i = 0, j = some - 1; i < j; i++, j--) {
            long entry = top[i];
            top[i] = top[j];
            top[j] = entry;
        }
        depth = some;
        return some > 0;
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
     * Walks until the top of the stack is empty or full, many nodes were met or the buffer of pairs is full.
     *
     * <p>The loop contains no call that is not inlined: after a call the compiler would load the fields of all columns
     * again, which makes the walk twice as slow. So all that is rare happens between two walks.
     */
    private void walk() {
        NodeGraph graph = this.graph;
        EdgeList edges = graph.edges();
        UnsignedColumn offsets = edges.offsets();
        IntColumn targets = edges.targets();
        LongColumn heads = this.heads;
        IntColumn nodes = this.nodes;
        IntColumn parents = this.parents;
        IntColumn candidates = this.candidates;
        int[] pairs = this.pairs;
        long[] top = this.top;
        boolean strongOnly = graph.strongOnly();
        boolean offsetsApart = this.offsetsApart;

        int depth = this.depth;
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
        while (last < stop && pair < pairs.length - 1 && depth < top.length) {
            if (target < 0) {
                if (at == end) {
                    if (depth == 0) {
                        break;
                    }
                    // Back to the nearest ancestor with edges left.
                    long entry = top[--depth];
                    v = (int) (entry >>> 32);
                    node = nodes.get(v);
                    first = offsetsApart ? offsets.get(node) : heads.get(node) >>> 32;
                    at = first + (entry & NUMBER);
                    end = offsetsApart ? offsets.get(node + 1L) : heads.get(node + 1L) >>> 32;
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
            long head = heads.get(target);
            int number = (int) head;
            if (number == 0) {
                int w = ++last;
                heads.set(target, head | w);
                nodes.set(w, target);
                parents.set(w, v);
                candidates.set(w, v);
                long childFirst = offsetsApart ? offsets.get(target) : head >>> 32;
                long childEnd = offsetsApart ? offsets.get(target + 1L) : heads.get(target + 1L) >>> 32;
                // The class edge comes first and only once: when a node gets its number, not when it is resumed.
                int childTarget = graph.classNode(target);
                if (childFirst == childEnd && childTarget < 0) {
                    // A leaf, as two fifths of all nodes are: no need to leave the active node and come back.
                    target = -1;
                    continue;
                }
                if (at != end) {
                    top[depth++] = (long) v << 32 | at - first;
                }
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
        this.depth = depth;
        count = last;
        pairCount = pair;
        laterEdges = listed;
        current = v;
        currentNode = node;
        next = at;
        this.end = end;
        this.target = target;
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

package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded small graphs of the shapes that dominator algorithms get wrong. The same seed gives the same graph on every JVM. */
public final class RandomGraphs {
    /** What the edges look like. */
    public enum Shape {
        /** About one edge a node. */
        SPARSE,
        /** About half of all possible edges. */
        DENSE,
        /** Edges to the next few layers, some back. */
        LAYERED,
        /** A chain with pointers back, as in a doubly linked list, and some shortcuts. */
        LIST,
        /** A tree whose nodes point back to their parents. */
        TREE,
        /** A few nodes that many others point to. */
        HUBS,
        /** Layers each entered only through one node: deep dominator trees. */
        NESTED
    }

    private RandomGraphs() {}

    /** A graph with 1 to {@code maxNodes} nodes whose shape also follows from the seed; some edges are self-loops or duplicates. */
    public static TestGraph graph(long seed, int maxNodes) {
        Random random = new Random(seed);
        Shape[] shapes = Shape.values();
        return graph(seed, shapes[random.nextInt(shapes.length)], 1 + random.nextInt(maxNodes));
    }

    /** A graph of the given shape and size. */
    public static TestGraph graph(long seed, Shape shape, int nodes) {
        Random random = new Random(seed * 31 + shape.ordinal());
        List<List<Integer>> edges = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            edges.add(new ArrayList<>());
        }
        switch (shape) {
            case SPARSE -> random(random, edges, nodes + random.nextInt(nodes));
            case DENSE -> random(random, edges, nodes * nodes / 2);
            case LAYERED -> layered(random, edges);
            case LIST -> list(random, edges);
            case TREE -> tree(random, edges);
            case HUBS -> hubs(random, edges);
            case NESTED -> nested(random, edges);
        }
        sprinkle(random, edges);
        return shuffled(random, edges);
    }

    private static void random(Random random, List<List<Integer>> edges, int count) {
        int n = edges.size();
        for (int i = 0; i < count; i++) {
            edges.get(random.nextInt(n)).add(random.nextInt(n));
        }
    }

    private static void layered(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        int width = 1 + random.nextInt(5);
        for (int from = 0; from < n; from++) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                int to = from - from % width + width + random.nextInt(2 * width);
                edges.get(from).add(random.nextInt(8) == 0 ? random.nextInt(n) : Math.min(to, n - 1));
            }
        }
    }

    private static void list(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        boolean doubly = random.nextBoolean();
        for (int i = 0; i + 1 < n; i++) {
            edges.get(i).add(i + 1);
            if (doubly) {
                edges.get(i + 1).add(i);
            }
            if (random.nextInt(6) == 0) {
                edges.get(i).add(random.nextInt(n));
            }
        }
    }

    private static void tree(Random random, List<List<Integer>> edges) {
        for (int i = 1; i < edges.size(); i++) {
            int parent = random.nextBoolean() ? (i - 1) / 2 : random.nextInt(i);
            edges.get(parent).add(i);
            edges.get(i).add(parent);
        }
        random(random, edges, edges.size() / 8);
    }

    private static void hubs(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        int hubs = 1 + random.nextInt(Math.min(n, 3));
        for (int i = 0; i < n; i++) {
            edges.get(i).add(random.nextInt(hubs));
            edges.get(random.nextInt(hubs)).add(i);
            edges.get(i).add(random.nextInt(n));
        }
    }

    private static void nested(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        int entry = 0;
        while (entry + 1 < n) {
            int end = Math.min(n, entry + 2 + random.nextInt(4));
            for (int i = entry; i < end; i++) {
                edges.get(entry).add(i);
                edges.get(i).add(entry + random.nextInt(end - entry));
            }
            for (int i = entry + 1; i < end - 1; i++) {
                edges.get(i).add(end - 1);
            }
            entry = end - 1;
        }
        random(random, edges, n / 16);
    }

    /** Self-loops and duplicate edges. */
    private static void sprinkle(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        for (int i = random.nextInt(1 + n / 3); i > 0; i--) {
            int node = random.nextInt(n);
            edges.get(node).add(node);
            List<Integer> some = edges.get(random.nextInt(n));
            if (!some.isEmpty()) {
                some.add(some.get(random.nextInt(some.size())));
            }
        }
    }

    /**
     * Renames the nodes, so that no algorithm profits from their order, and picks 0 to 4 roots, in half of the cases the first node of the shape
     * among them; the nodes they do not reach are the unreachable predecessors.
     */
    private static TestGraph shuffled(Random random, List<List<Integer>> edges) {
        int n = edges.size();
        int[] newName = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            newName[i] = newName[j];
            newName[j] = i;
        }
        int[][] successors = new int[n][];
        for (int i = 0; i < n; i++) {
            successors[newName[i]] =
                    edges.get(i).stream().mapToInt(to -> newName[to]).toArray();
        }
        int[] roots = new int[random.nextInt(8) == 0 ? random.nextInt(5) : 1 + random.nextInt(2)];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = i == 0 && random.nextInt(4) != 0 ? newName[0] : random.nextInt(n);
        }
        return new TestGraph(successors, Arrays.stream(roots).distinct().toArray());
    }
}

package dev.holdfast.heap;

/**
 * Keeps the few nodes with the largest values; of equal ones those with the smaller number. A heap of two arrays, no
 * object for a node.
 */
public final class LargestFirst {
    private final int[] nodes;
    private final long[] values;
    private int size;

    /** Keeps at most so many. */
    public LargestFirst(int most) {
        nodes = new int[most];
        values = new long[most];
    }

    /** Takes a node with its value, if it is among the largest. */
    public void offer(int node, long value) {
        if (size < nodes.length) {
            nodes[size] = node;
            values[size] = value;
            up(size++);
        } else if (size > 0 && before(node, value, 0)) {
            nodes[0] = node;
            values[0] = value;
            down();
        }
    }

    /** Whether the entry belongs before the one at the place, in the final order. */
    private boolean before(int node, long value, int place) {
        return value != values[place] ? value > values[place] : node < nodes[place];
    }

    private void up(int from) {
        int at = from;
        while (at > 0 && before(nodes[(at - 1) / 2], values[(at - 1) / 2], at)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down() {
        int at = 0;
        while (true) {
            int last = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                if (before(nodes[last], values[last], child)) {
                    last = child;
                }
            }
            if (last == at) {
                return;
            }
            swap(at, last);
            at = last;
        }
    }

    private void swap(int a, int b) {
        int node = nodes[a];
        nodes[a] = nodes[b];
        nodes[b] = node;
        long value = values[a];
        values[a] = values[b];
        values[b] = value;
    }

    /** The nodes, largest first; nothing is kept afterwards. */
    public int[] take() {
        int[] sorted = new int[size];
        while (size > 0) {
            sorted[size - 1] = nodes[0];
            size--;
            nodes[0] = nodes[size];
            values[0] = values[size];
            down();
        }
        return sorted;
    }
}

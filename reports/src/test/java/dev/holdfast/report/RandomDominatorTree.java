package dev.holdfast.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A dominator tree of random shape below a few holders, with the frames that the rules give it, found the slow way. */
final class RandomDominatorTree {
    final int[] dominator;
    final int[] via;
    final int[] type;
    final int[] reachability;
    final int[] bytes;
    final int holders;

    RandomDominatorTree(Random random, int objects) {
        dominator = new int[objects];
        via = new int[objects];
        type = new int[objects];
        reachability = new int[objects];
        bytes = new int[objects];
        holders = 1 + random.nextInt(4);
        int fields = 1 + random.nextInt(5);
        int types = 1 + random.nextInt(5);
        // From bushy (any earlier object) to lists (nearly always the last one).
        int reach = 1 + random.nextInt(random.nextBoolean() ? 3 : objects);
        for (int i = 0; i < objects; i++) {
            int back = 1 + random.nextInt(reach);
            dominator[i] = i - back >= 0 && random.nextInt(50) > 0 ? i - back : -1 - random.nextInt(holders);
            via[i] = random.nextInt(fields + 2) - 2;
            type[i] = random.nextInt(types);
            reachability[i] = random.nextInt(10) == 0 ? 1 : 0;
            bytes[i] = 8 * random.nextInt(20);
        }
    }

    int objects() {
        return dominator.length;
    }

    /** Feeds the tree to the code under test; answers the frame of each object. */
    int[] feed(RetentionTree tree) {
        int[] frames = new int[objects()];
        for (int i = 0; i < objects(); i++) {
            int above = dominator[i] < 0
                    ? tree.holder(tree.holder(RetentionTree.ROOT, 100), ~dominator[i])
                    : frames[dominator[i]];
            frames[i] = tree.child(above, via[i] == -2 ? RetentionTree.SHARED : via[i], type[i]);
            tree.add(frames[i], type[i], reachability[i], bytes[i]);
        }
        return frames;
    }

    static RetentionNames names() {
        return new RetentionNames() {
            @Override
            public String holder(int nameId) {
                return nameId == 100 ? "kind" : "holder " + (char) ('a' + nameId);
            }

            @Override
            public String via(int viaId) {
                return viaId < 26 ? "f" + (char) ('a' + viaId) : "f" + viaId;
            }

            @Override
            public String type(int typeNameId) {
                return "T" + (char) ('a' + typeNameId);
            }

            @Override
            public Labels labels(int holder, int typeId, int reachability) {
                Labels labels = Labels.NONE;
                labels = typeId == MIXED ? labels : labels.with("type", type(typeId));
                return reachability == MIXED
                        ? labels
                        : labels.with("reachability", reachability == 0 ? "strong" : "soft");
            }
        };
    }

    /** The stack of each object by the rules of the design, as lists of names. */
    List<List<String>> stacks() {
        List<List<String>> stacks = new ArrayList<>();
        List<List<String>> pairs = new ArrayList<>();
        for (int i = 0; i < objects(); i++) {
            List<String> above;
            List<String> pairsAbove;
            if (dominator[i] < 0) {
                above = List.of("kind", "holder " + (char) ('a' + ~dominator[i]));
                pairsAbove = List.of();
            } else {
                above = stacks.get(dominator[i]);
                pairsAbove = pairs.get(dominator[i]);
            }
            String typeName = "T" + (char) ('a' + type[i]);
            String pair = via[i] + " " + type[i];
            String name = via[i] == -1
                    ? typeName
                    : (via[i] == -2 ? "(shared)" : "f" + (char) ('a' + via[i])) + " " + typeName;
            String leaf = above.get(above.size() - 1);
            boolean repeated = pairsAbove.contains(pair);
            if (leaf.equals("(deeper)") || (repeated && leaf.startsWith("(recursive)"))) {
                stacks.add(above);
                pairs.add(pairsAbove);
            } else if (above.size() == 127) {
                stacks.add(plus(above, "(deeper)"));
                pairs.add(pairsAbove);
            } else if (repeated) {
                stacks.add(plus(above, "(recursive) " + typeName));
                pairs.add(pairsAbove);
            } else {
                stacks.add(plus(above, name));
                pairs.add(plus(pairsAbove, pair));
            }
        }
        return stacks;
    }

    /** By stack of an object, the sum of the retained sizes of its topmost objects: those whose dominator is elsewhere. */
    Map<List<String>, Long> retainedOfTopmost() {
        long[] retained = new long[objects()];
        for (int i = objects() - 1; i >= 0; i--) {
            retained[i] += bytes[i];
            if (dominator[i] >= 0) {
                retained[dominator[i]] += retained[i];
            }
        }
        List<List<String>> stacks = stacks();
        Map<List<String>, Long> sums = new HashMap<>();
        for (int i = 0; i < objects(); i++) {
            boolean topmost = dominator[i] < 0 || !stacks.get(dominator[i]).equals(stacks.get(i));
            if (topmost) {
                sums.merge(stacks.get(i), retained[i], Long::sum);
            }
        }
        return sums;
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}

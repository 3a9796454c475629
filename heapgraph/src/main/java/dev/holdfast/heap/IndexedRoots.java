package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.RootKind;
import java.util.List;

/** Roots and holders in an index. */
final class IndexedRoots {
    private static final RootKind[] KINDS = RootKind.values();

    private IndexedRoots() {}

    static void write(IndexOutput out, DumpRoots roots) {
        out.number(roots.rootCount());
        for (int i = 0; i < roots.rootCount(); i++) {
            out.number(roots.rootKind(i).ordinal());
            out.word(roots.rootAddress(i));
        }
        out.list(roots.holders(), holder -> {
            out.number(holder.kind().ordinal());
            out.text(holder.name());
            out.signed(holder.parent());
            if (holder.parent() == DumpRoots.UNDER_OBJECT) {
                out.word(holder.owner());
            }
            out.signed(holder.thread());
            out.signed(holder.frame());
        });
        out.number(roots.heldCount());
        int previous = 0;
        for (int i = 0; i < roots.heldCount(); i++) {
            out.number((long) (roots.heldBy(i) - previous) << 1 | (roots.heldConservatively(i) ? 1 : 0));
            previous = roots.heldBy(i);
            out.word(roots.heldAddress(i));
        }
        out.number(roots.ownedCount());
        for (int i = 0; i < roots.ownedCount(); i++) {
            out.word(roots.ownedSource(i));
            out.word(roots.ownedTarget(i));
        }
        out.list(roots.conditional(), root -> {
            out.number(root.kind().ordinal());
            out.word(root.source());
            out.word(root.target());
        });
    }

    static DumpRoots read(IndexInput in, List<DumpThread> threads) throws DumpFormatException {
        DumpRoots.Builder roots = new DumpRoots.Builder();
        for (int left = in.count(9); left > 0; left--) {
            roots.root(in.constant(KINDS), in.word());
        }
        int holders = in.count(5);
        for (int holder = 0; holder < holders; holder++) {
            RootKind kind = in.constant(KINDS);
            String name = in.text();
            // A parent comes before its children, so that going up comes to an end.
            int parent = in.between(DumpRoots.UNDER_OBJECT, holder - 1L, "parent");
            long owner = parent == DumpRoots.UNDER_OBJECT ? in.word() : 0;
            int thread = in.between(-1, threads.size() - 1L, "thread");
            int frames = thread < 0 ? 0 : threads.get(thread).frames().size();
            int frame = in.integer();
            if (frame < -1 || thread >= 0 && frame >= frames) {
                throw in.damaged("frame " + frame + " of " + frames);
            }
            roots.holder(new Holder(kind, name, parent, owner, thread, frame));
        }
        int held = in.count(9);
        int by = 0;
        for (int i = 0; i < held; i++) {
            long step = in.number();
            if (step < 0 || by + (step >>> 1) >= holders) {
                throw in.damaged("a reference of holder " + (by + (step >>> 1)));
            }
            by += (int) (step >>> 1);
            if ((step & 1) != 0) {
                roots.heldConservatively(by, in.word());
            } else {
                roots.held(by, in.word());
            }
        }
        for (int left = in.count(16); left > 0; left--) {
            roots.owned(in.word(), in.word());
        }
        for (int left = in.count(17); left > 0; left--) {
            roots.conditional(new ConditionalRoot(in.constant(KINDS), in.word(), in.word()));
        }
        return roots.build();
    }

    static void write(IndexOutput out, RootNodes roots) {
        out.number(roots.count());
        int previous = -1;
        for (int i = 0; i < roots.count(); i++) {
            out.number((long) roots.node(i) - previous);
            previous = roots.node(i);
            out.number(roots.kind(i).ordinal());
        }
        out.number(roots.records());
        out.number(roots.dangling());
    }

    static RootNodes readNodes(IndexInput in, int nodes) throws DumpFormatException {
        int[] node = new int[in.count(2)];
        byte[] kinds = new byte[node.length];
        int previous = -1;
        for (int i = 0; i < node.length; i++) {
            int step = in.upTo(nodes - 1L - previous, "root");
            if (step == 0) {
                throw in.damaged("a root occurs twice");
            }
            previous += step;
            node[i] = previous;
            kinds[i] = (byte) in.constant(KINDS).ordinal();
        }
        return new RootNodes(node, kinds, in.number(), in.number());
    }
}

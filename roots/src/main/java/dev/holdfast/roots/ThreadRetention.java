package dev.holdfast.roots;

import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a thread keeps alive, and which of its frames does.
 *
 * <p>An object that two frames of a thread have as a local is exclusive to neither and stays with the thread.
 *
 * @param thread the thread
 * @param node its thread object, of a goroutine its holder; -1 if the dump has neither
 * @param retainedBytes retained size of that node; empty if the dump has none
 * @param frameBytes of each of the thread's frames, leaf first, what its locals exclusively retain; 0 for a frame without
 *     locals, empty where the dump's model has no frames
 * @param nativeBytes what handles of native code outside any frame exclusively retain; empty as above
 * @param sharedBytes the rest: the thread object itself, its fields, what several frames hold; empty as above
 */
public record ThreadRetention(
        DumpThread thread,
        int node,
        OptionalLong retainedBytes,
        List<OptionalLong> frameBytes,
        OptionalLong nativeBytes,
        OptionalLong sharedBytes) {

    /** Copies the list, unless it is our own. */
    public ThreadRetention {
        frameBytes = frameBytes instanceof FrameBytes ? frameBytes : List.copyOf(frameBytes);
    }

    /** Of every thread of a heap, in the dump's order. */
    public static List<ThreadRetention> of(HeapSnapshot heap) {
        List<DumpThread> threads = heap.dump().threads();
        ObjectGraph graph = heap.graph();
        long[][] frames = new long[threads.size()][];
        int[] nodes = new int[threads.size()];
        for (int t = 0; t < frames.length; t++) {
            // The last is for handles outside any frame.
            frames[t] = new long[threads.get(t).frames().size() + 1];
            long address = threads.get(t).address();
            boolean object = threads.get(t).kind() != DumpThread.Kind.GOROUTINE && address != 0;
            nodes[t] = object ? graph.indexOf(address) : -1;
        }
        List<Holder> holders = graph.holders();
        for (int h = 0; h < holders.size(); h++) {
            Holder holder = holders.get(h);
            if (holder.thread() < 0) {
                continue;
            }
            if (holder.kind() == RootKind.GOROUTINE) {
                nodes[holder.thread()] = graph.objectCount() + h;
            } else if (isTopmost(holders, holder)) {
                long[] ofThread = frames[holder.thread()];
                int frame = holder.frame() >= 0 && holder.frame() < ofThread.length - 1
                        ? holder.frame()
                        : ofThread.length - 1;
                ofThread[frame] += heap.dominators().retainedSize(graph.objectCount() + h);
            }
        }
        // Where locals are references of the thread object (Eclipse Memory Analyzer's model) frames retain nothing
        // apart.
        boolean localsOwned = heap.dump().roots().ownedCount() > 0;
        List<ThreadRetention> all = new ArrayList<>(frames.length);
        for (int t = 0; t < frames.length; t++) {
            DumpThread thread = threads.get(t);
            boolean modelled = thread.kind() == DumpThread.Kind.GOROUTINE || !localsOwned;
            all.add(of(heap, thread, nodes[t], frames[t], modelled));
        }
        return all;
    }

    /** Whether no holder above stands for the same frame: a frame's holder has all of the frame's variables below it. */
    private static boolean isTopmost(List<Holder> holders, Holder holder) {
        if (holder.parent() < 0) {
            return true;
        }
        Holder above = holders.get(holder.parent());
        return above.kind() == RootKind.GOROUTINE || above.frame() != holder.frame();
    }

    private static ThreadRetention of(HeapSnapshot heap, DumpThread thread, int node, long[] bytes, boolean modelled) {
        FrameBytes ofFrames = new FrameBytes(bytes, modelled && node >= 0);
        if (node < 0) {
            return new ThreadRetention(
                    thread, -1, OptionalLong.empty(), ofFrames, OptionalLong.empty(), OptionalLong.empty());
        }
        long retained = heap.dominators().retainedSize(node);
        long rest = retained;
        for (long each : bytes) {
            rest -= each;
        }
        return modelled
                ? new ThreadRetention(
                        thread,
                        node,
                        OptionalLong.of(retained),
                        ofFrames,
                        OptionalLong.of(bytes[bytes.length - 1]),
                        OptionalLong.of(rest))
                : new ThreadRetention(
                        thread, node, OptionalLong.of(retained), ofFrames, OptionalLong.empty(), OptionalLong.empty());
    }
}

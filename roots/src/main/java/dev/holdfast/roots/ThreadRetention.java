package dev.holdfast.roots;

import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
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
 * @param object its thread object, or -1 if that is not in the dump
 * @param retainedBytes retained size of the thread object; empty if that is not in the dump
 * @param frameBytes of each of the thread's frames, leaf first, what its locals exclusively retain; 0 for a frame without
 *     locals, empty where the dump's model has no frames
 * @param nativeBytes what handles of native code outside any frame exclusively retain; empty as above
 * @param sharedBytes the rest: the thread object itself, its fields, what several frames hold; empty as above
 */
public record ThreadRetention(
        DumpThread thread,
        int object,
        OptionalLong retainedBytes,
        List<OptionalLong> frameBytes,
        OptionalLong nativeBytes,
        OptionalLong sharedBytes) {

    /** Copies the list. */
    public ThreadRetention {
        frameBytes = List.copyOf(frameBytes);
    }

    /** Of every thread of a heap, in the dump's order. */
    public static List<ThreadRetention> of(HeapSnapshot heap) {
        List<DumpThread> threads = heap.dump().threads();
        ObjectGraph graph = heap.graph();
        long[][] frames = new long[threads.size()][];
        for (int t = 0; t < frames.length; t++) {
            // The last is for handles outside any frame.
            frames[t] = new long[threads.get(t).frames().size() + 1];
        }
        List<Holder> holders = graph.holders();
        for (int h = 0; h < holders.size(); h++) {
            Holder holder = holders.get(h);
            if (holder.thread() >= 0 && holder.parent() < 0) {
                long[] ofThread = frames[holder.thread()];
                int frame = holder.frame() >= 0 && holder.frame() < ofThread.length - 1
                        ? holder.frame()
                        : ofThread.length - 1;
                ofThread[frame] += heap.dominators().retainedSize(graph.objectCount() + h);
            }
        }
        // Where locals are references of the thread object (Eclipse Memory Analyzer's model) frames retain nothing
        // apart.
        boolean modelled = heap.dump().roots().ownedCount() == 0;
        List<ThreadRetention> all = new ArrayList<>(frames.length);
        for (int t = 0; t < frames.length; t++) {
            all.add(of(heap, threads.get(t), frames[t], modelled));
        }
        return all;
    }

    private static ThreadRetention of(HeapSnapshot heap, DumpThread thread, long[] bytes, boolean modelled) {
        int frames = bytes.length - 1;
        int object = thread.address() == 0 ? -1 : heap.graph().indexOf(thread.address());
        List<OptionalLong> ofFrames = new ArrayList<>(frames);
        long rest = object < 0 ? 0 : heap.dominators().retainedSize(object);
        for (int f = 0; f < frames; f++) {
            boolean known = modelled && object >= 0;
            ofFrames.add(known ? OptionalLong.of(bytes[f]) : OptionalLong.empty());
            rest -= bytes[f];
        }
        rest -= bytes[frames];
        if (object < 0) {
            return new ThreadRetention(
                    thread, -1, OptionalLong.empty(), ofFrames, OptionalLong.empty(), OptionalLong.empty());
        }
        OptionalLong retained = OptionalLong.of(heap.dominators().retainedSize(object));
        return modelled
                ? new ThreadRetention(
                        thread, object, retained, ofFrames, OptionalLong.of(bytes[frames]), OptionalLong.of(rest))
                : new ThreadRetention(thread, object, retained, ofFrames, OptionalLong.empty(), OptionalLong.empty());
    }
}

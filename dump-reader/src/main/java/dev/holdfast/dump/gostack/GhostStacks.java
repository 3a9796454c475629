package dev.holdfast.dump.gostack;

import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrame.Chain;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what earlier calls left below goroutines' stack pointers; for one thread.
 *
 * <p>A word is a ghost if it is a return address. Its function's frame had a known size there, so that it is known where the
 * frame ended: if the caller's frame begins right there, another ghost's or a live one, and the caller's code can make that
 * call, the two are linked. What leads to the end of a call stack is of another stack, which had the memory before, and is
 * left out.
 */
public final class GhostStacks {
    /** The runtime allows stacks of 1 GB; what is that far from the stack pointer ran long ago. */
    private static final long MOST_OF_A_STACK = 64L << 20;

    /** A damaged core may have as many large stacks as it likes: 2 GiB are looked at in some seconds. */
    private static final long MOST_IN_ALL = 2L << 30;

    private static final int MOST_GHOSTS = 1 << 16;
    private static final int WORD = 8;
    private static final int PAGE = 4096;
    private static final int NOBODY = -1;

    private final FunctionTable functions;
    private final MemoryReader reader;
    private final GoStacks stacks;
    private final CallSites sites;
    private final boolean linkRegister;
    private final Map<Long, List<StackFrame>> calls = new HashMap<>();
    private long budget = MOST_IN_ALL;

    GhostStacks(GoProgram program, FunctionTable functions, GoroutineTable goroutines) {
        this.functions = functions;
        reader = program.reader();
        stacks = goroutines.stacks();
        sites = new CallSites(program, functions);
        linkRegister = program.executable().machine() == Machine.ARM64;
    }

    /** What lies below the stack pointer of a goroutine; none where its stack could not be walked. */
    public GhostFrames of(Goroutine goroutine) {
        GoStack stack = stacks.stack(goroutine);
        if (stack.frames().isEmpty()) {
            return GhostFrames.NONE;
        }
        long sp = stack.frames().get(0).sp();
        Scan scan = new Scan(sp, goroutine.stackLow());
        scan.run();
        budget -= scan.covered;
        return new GhostFrames(
                new Links(stack, goroutine.stackHigh(), scan.slots, scan.found).frames(),
                sp - goroutine.stackLow(),
                scan.scanned);
    }

    /** Return addresses in a free part, from the stack pointer down. */
    private final class Scan {
        final List<Long> slots = new ArrayList<>();
        final List<CallSite> found = new ArrayList<>();
        private final long sp;
        private final long bottom;
        long scanned;
        long covered;

        Scan(long sp, long low) {
            this.sp = sp;
            bottom = sp - Math.max(0, Math.min(sp - low, Math.min(MOST_OF_A_STACK, budget)));
        }

        void run() {
            // On arm64 the stack pointer, to which return addresses are saved, is a multiple of 16 (AAPCS64 6.4.5.1).
            int step = linkRegister ? 2 * WORD : WORD;
            long at = (sp & -step) - step;
            scanned = sp & step - 1;
            while (at - bottom >= 0 && slots.size() < MOST_GHOSTS) {
                try {
                    long word = reader.word(at);
                    if (sites.isCode(word)) {
                        CallSite site = sites.at(word);
                        if (site != null) {
                            slots.add(at);
                            found.add(site);
                        }
                    }
                    scanned += step;
                    at -= step;
                } catch (MissingMemoryException e) {
                    at = (at & -PAGE) - step;
                }
            }
            long lowest = at + step;
            if (at - bottom < 0 && lowest - bottom > 0) {
                // Less than a step.
                scanned += lowest - bottom;
            }
            covered = sp - lowest;
            Collections.reverse(slots);
            Collections.reverse(found);
        }
    }

    /** Finds callers among the ghosts of one stack, which lie in ascending order. */
    private final class Links {
        private final GoStack stack;
        private final long high;
        private final List<Long> slots;
        private final List<CallSite> found;
        private final int count;
        private final Map<Long, Integer> bySlot = new HashMap<>();
        private final Map<Long, Integer> liveByStart = new HashMap<>();

        /** First address of each ghost's frame, 0 where unknown. */
        private final long[] starts;

        /** Where the return address to each ghost's caller was, 0 where unknown. */
        private final long[] backs;

        private final int[] caller;
        private final int[] liveCaller;
        private final boolean[] dropped;
        private final Chain[] chain;

        Links(GoStack stack, long high, List<Long> slots, List<CallSite> found) {
            this.stack = stack;
            this.high = high;
            this.slots = slots;
            this.found = found;
            count = slots.size();
            starts = new long[count];
            backs = new long[count];
            caller = new int[count];
            liveCaller = new int[count];
            dropped = new boolean[count];
            chain = new Chain[count];
            Arrays.fill(chain, Chain.BROKEN);
            Arrays.fill(caller, NOBODY);
            Arrays.fill(liveCaller, NOBODY);
            for (int i = 0; i < count; i++) {
                bySlot.put(slots.get(i), i);
            }
            for (GoFrame frame : stack.frames()) {
                liveByStart.putIfAbsent(frame.sp(), frame.index());
            }
        }

        List<GhostFrame> frames() {
            for (int i = 0; i < count; i++) {
                link(i);
            }
            inherit();
            long lowest = stack.frames().get(0).sp();
            for (int i = count - 1; i >= 0; i--) {
                if (chain[i] == Chain.LIVE && !dropped[i]) {
                    lowest = slots.get(i);
                }
            }
            for (int i = 0; i < count; i++) {
                // From there up to the live frames all is known to be of calls that were made later.
                if (chain[i] == Chain.BROKEN && caller[i] == NOBODY && backs[i] != 0 && backs[i] - lowest >= 0) {
                    chain[i] = Chain.OVERWRITTEN;
                }
            }
            inherit();
            return listed();
        }

        /** Callers lie above what they call. */
        private void inherit() {
            for (int i = count - 1; i >= 0; i--) {
                if (caller[i] != NOBODY) {
                    dropped[i] |= dropped[caller[i]];
                    chain[i] = chain[caller[i]];
                }
            }
        }

        private void link(int ghost) {
            CallSite site = found.get(ghost);
            if (starts[ghost] == 0) {
                starts[ghost] = start(ghost);
            }
            long start = starts[ghost];
            if (start == 0) {
                return;
            }
            long end = start + site.stackDelta() + (linkRegister ? 0 : WORD);
            if (isLive(start, site) || end - high >= 0) {
                // A frame that does not fit the stack was on another one.
                dropped[ghost] = true;
                return;
            }
            Integer live = liveByStart.get(end);
            if (live != null) {
                GoFrame frame = stack.frames().get(live);
                int call = stack.callOf().get(live);
                if (call == NOBODY) {
                    // Another function than the one that this goroutine began with.
                    dropped[ghost] = true;
                } else if (sites.mayCall(frame.function(), site.function())) {
                    liveCaller[ghost] = call;
                    chain[ghost] = Chain.LIVE;
                }
                return;
            }
            long back = linkRegister ? start : end - WORD;
            backs[ghost] = back;
            Integer above = bySlot.get(back);
            if (above == null) {
                dropped[ghost] = back - stack.frames().get(0).sp() < 0 && endsAnotherStack(back);
            } else if (above > ghost && calls(found.get(above), site)) {
                caller[ghost] = above;
                if (linkRegister) {
                    starts[above] = end;
                }
            }
        }

        /**
         * Where a frame begins: on amd64 above the return address, which its call pushed. On arm64 what it called saved
         * that at the beginning of a frame of its own, whose size is known if it is known what that was.
         */
        private long start(int ghost) {
            long slot = slots.get(ghost);
            if (!linkRegister) {
                return slot + WORD;
            }
            long target = found.get(ghost).target();
            int size = target == CallInstructions.INDIRECT ? 0 : sites.frameSize(target);
            return size == 0 ? 0 : slot + size;
        }

        /** Whether it is no ghost but a live function, which has made another call from where it stands. */
        private boolean isLive(long start, CallSite site) {
            Integer live = liveByStart.get(start);
            return live != null
                    && stack.frames().get(live).function().entry()
                            == site.function().entry();
        }

        private boolean calls(CallSite caller, CallSite callee) {
            return caller.target() == CallInstructions.INDIRECT && sites.isValue(callee.function())
                    || caller.target() == callee.function().entry()
                    || sites.mayCall(caller.function(), callee.function());
        }

        private boolean endsAnotherStack(long slot) {
            try {
                return sites.isTop(reader.word(slot));
            } catch (MissingMemoryException e) {
                return false;
            }
        }

        /** Each ghost with the calls that were inlined into it before it. */
        private List<GhostFrame> listed() {
            int[] first = new int[count];
            int next = 0;
            for (int i = 0; i < count; i++) {
                first[i] = next;
                next += dropped[i] ? 0 : callsAt(found.get(i)).size();
            }
            List<GhostFrame> all = new ArrayList<>(next);
            long sp = stack.frames().get(0).sp();
            for (int i = 0; i < count; i++) {
                if (dropped[i]) {
                    continue;
                }
                List<StackFrame> here = callsAt(found.get(i));
                for (int k = 0; k < here.size(); k++) {
                    boolean last = k == here.size() - 1;
                    int above = caller[i] == NOBODY ? NOBODY : first[caller[i]];
                    all.add(new GhostFrame(
                            here.get(k),
                            sp - slots.get(i),
                            last ? above : all.size() + 1,
                            last ? liveCaller[i] : NOBODY,
                            chain[i]));
                }
            }
            return all;
        }
    }

    private List<StackFrame> callsAt(CallSite site) {
        return calls.computeIfAbsent(site.returnAddress(), address -> {
            List<StackFrame> made = new ArrayList<>();
            for (CodePlace place : functions.callers(address)) {
                made.add(new StackFrame(
                        place.symbol(),
                        place.file(),
                        place.line(),
                        false,
                        place.inlined() ? 0 : site.stackDelta() + (linkRegister ? 0 : WORD),
                        place.inlined(),
                        place.wrapper()));
            }
            return List.copyOf(made);
        });
    }
}

package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.RecordedProfile.Location;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns recorded call stacks into locations just as the runtime does when it serves a profile (runtime/pprof/proto.go).
 *
 * <p>The runtime records one return address a function, for an inlined call a made-up one; its writer puts neighbours that
 * one function's code contains together again. Not thread-safe; remembers one location for each address.
 */
final class RecordedStacks {
    private static final String END = "runtime.goexit";

    private final FunctionTable functions;
    private final boolean internalRuntime;
    private final boolean joinsKnown;
    private final Map<Long, Merged> merged = new HashMap<>();

    /** A location, and how many of the recorded addresses it stands for. */
    private record Merged(Location location, int addresses) {}

    RecordedStacks(FunctionTable functions, GoVersion version) {
        this.functions = functions;
        // Since Go 1.24 the allocator's own frames are also in internal/runtime/....
        this.internalRuntime = version.atLeast(24);
        // Up to Go 1.18 an address that leads a location of its own never joins the one before.
        this.joinsKnown = version.atLeast(19);
    }

    /** Locations of an allocation's stack, without the runtime's frames at its leaf unless there are no others. */
    List<Location> ofAllocation(long[] stack) {
        int first = 0;
        while (first < stack.length && ofRuntime(stack[first])) {
            first++;
        }
        if (first == 0 || first == stack.length) {
            return of(stack);
        }
        List<Location> found = of(Arrays.copyOfRange(stack, first, stack.length));
        return found.isEmpty() ? of(stack) : found;
    }

    private boolean ofRuntime(long address) {
        // The writer asks for the address itself, not the call before it.
        List<CodePlace> places = functions.places(address);
        if (places.isEmpty()) {
            return false;
        }
        String name = places.get(0).function();
        return name.startsWith("runtime.") || internalRuntime && name.startsWith("internal/runtime/");
    }

    /**
     * Locations of a stack of physical frames, inlined calls left out (block and mutex profiles since Go 1.23).
     *
     * @param depth how many frames there are at most once inlined calls are put in
     */
    List<Location> ofPhysical(long[] stack, int depth) {
        List<CodePlace> places = functions.recorded(stack);
        long[] addresses = new long[Math.min(places.size(), depth)];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = places.get(i).pc() + 1;
        }
        return of(addresses);
    }

    /** Locations of a stack with an address for each function. */
    List<Location> of(long[] recorded) {
        long[] stack = withLostEnd(recorded);
        List<Location> found = new ArrayList<>(stack.length);
        Deck deck = new Deck();
        int at = 0;
        while (at < stack.length) {
            long address = stack[at];
            Merged known = merged.get(address);
            if (known != null) {
                if (joinsKnown && deck.size > 0 && deck.add(address)) {
                    at++;
                    continue;
                }
                deck.flush(found);
                found.add(known.location);
                at += known.addresses;
            } else if (isEnd(address)) {
                deck.flush(found);
                at++;
            } else {
                if (!deck.add(address)) {
                    deck.flush(found);
                    known = merged.get(address);
                    if (known != null) {
                        found.add(known.location);
                        at += known.addresses;
                        continue;
                    }
                    deck.add(address);
                }
                at++;
            }
        }
        deck.flush(found);
        return List.copyOf(found);
    }

    private boolean isEnd(long address) {
        List<CodePlace> places = functions.callers(address);
        return !places.isEmpty() && places.get(0).function().equals(END);
    }

    /** A stack that was cut at the greatest depth may end inside inlined calls: their callers are known all the same. */
    private long[] withLostEnd(long[] stack) {
        if (stack.length == 0) {
            return stack;
        }
        List<CodePlace> places = functions.places(stack[stack.length - 1] - 1);
        if (places.size() < 2) {
            return stack;
        }
        long[] whole = Arrays.copyOf(stack, stack.length - 1 + places.size());
        int n = stack.length - 1;
        for (int i = 0; i < places.size(); i++) {
            CodePlace place = places.get(i);
            if (i == 0
                    || !place.wrapper()
                    || FunctionTable.showsWrapper(places.get(i - 1).function())) {
                whole[n++] = place.pc() + 1;
            }
        }
        return Arrays.copyOf(whole, n);
    }

    /** Frames of calls that were inlined into one function, to become one location. */
    private final class Deck {
        private final List<StackFrame> frames = new ArrayList<>();
        private long first;
        private int size;
        private long entry;
        private String symbol = "";
        private boolean inlined;

        /** Adds the innermost function at an address, unless it is not part of the same function. */
        boolean add(long address) {
            List<CodePlace> places = functions.callers(address);
            GoFunction function = functions.function(address);
            CodePlace place = places.isEmpty() ? null : places.get(0);
            long at = function == null ? 0 : function.entry();
            String name = place == null ? "" : place.symbol();
            if (size > 0 && (!inlined || entry == 0 || at == 0 || at != entry || symbol.equals(name))) {
                return false;
            }
            if (size == 0) {
                first = address;
            } else {
                int last = frames.size() - 1;
                StackFrame inner = frames.get(last);
                frames.set(last, new StackFrame(inner.function(), inner.file(), inner.line(), false, -1, true, false));
            }
            size++;
            entry = at;
            symbol = name;
            inlined = place != null && place.inlined();
            if (place != null) {
                frames.add(new StackFrame(name, place.file(), place.line(), false));
            }
            return true;
        }

        void flush(List<Location> into) {
            if (size == 0) {
                return;
            }
            Location location = new Location(callOf(first), List.copyOf(frames));
            merged.put(first, new Merged(location, size));
            into.add(location);
            frames.clear();
            size = 0;
        }

        private long callOf(long address) {
            GoFunction function = functions.function(address);
            return function != null && address <= function.entry() ? address : address - 1;
        }
    }
}

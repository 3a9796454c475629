package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.ContentDigest;
import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.SpanTable;

/** Finds strings, slices, numbers in interfaces, maps and channels in values of known types; belongs to one thread. */
public final class HeaderWalker {
    /** A multiple of eight, see {@link ContentDigest#add}. */
    private static final int PIECE = 1 << 13;

    private final SpanTable spans;
    private final FactTable facts;
    private final GoTypes types;
    private final HeapTypes found;
    private final RuntimeOffsets at;
    private final MapStorage maps;
    private final MemoryReader memory;
    private final HeaderSink sink;
    private final TypeWords typeWords;
    private final byte[] buffer = new byte[PIECE];

    HeaderWalker(
            SpanTable spans,
            FactTable facts,
            GoTypes types,
            HeapTypes found,
            RuntimeOffsets at,
            MapStorage maps,
            MemoryReader memory,
            HeaderSink sink) {
        this.spans = spans;
        this.facts = facts;
        this.types = types;
        this.found = found;
        this.at = at;
        this.maps = maps;
        this.memory = memory;
        this.typeWords = new TypeWords(types, at, memory);
        this.sink = sink;
    }

    /** Looks into the object of a slot. */
    public void object(int slot, int span) {
        int number = found.type(slot);
        if (number == 0) {
            return;
        }
        HeapType type = found.list().get(number);
        TypeFacts of = facts.of(type.type().id());
        boolean map = type.type().kind() == GoKind.MAP_OBJECT && !type.slice();
        boolean channel = type.type().kind() == GoKind.CHANNEL_OBJECT && !type.slice();
        long address = spans.objectAddress(span, slot - spans.firstSlot(span));
        if ((of.plan.isEmpty() && !channel && !map) || !sink.object(address)) {
            return;
        }
        try {
            if (map) {
                maps.read(memory, address, types.resolve(type.type().storage()).size(), sink);
            } else if (channel) {
                sink.channel(
                        memory.word(address + at.channelCount),
                        memory.word(address + at.channelPlaces),
                        memory.u16(address + at.channelElementBytes));
            } else {
                walk(of, address, type.slice() ? found.elements(slot, span) : 1);
            }
        } catch (MissingMemoryException e) {
            // Objects that the core does not have were counted when their references were read.
            return;
        }
    }

    /** Looks into a variable. */
    void variable(long address, int type) {
        try {
            walk(facts.of(type), address, 1);
        } catch (MissingMemoryException e) {
            return;
        }
    }

    private void walk(TypeFacts type, long address, long count) {
        for (long i = 0; i < count; i++) {
            walk(type.plan, address + i * type.size);
        }
    }

    /** As deep as types are nested, see {@link PlanCompiler}. */
    private void walk(Plan plan, long address) {
        for (int i = 0; i < plan.operations.length; i++) {
            long place = address + plan.offsets[i];
            switch (plan.operations[i]) {
                case Plan.REPEATED -> {
                    int which = plan.operands[i];
                    for (long k = 0; k < plan.counts[which]; k++) {
                        walk(plan.repeated[which], place + k * plan.strides[which]);
                    }
                }
                case Plan.STRING -> text(memory.word(place), place);
                case Plan.SLICE -> slice(memory.word(place), place, plan.operands[i]);
                case Plan.EMPTY_INTERFACE -> number(memory.word(place), place, false);
                case Plan.INTERFACE -> number(memory.word(place), place, true);
                default -> {}
            }
        }
    }

    /** Bytes from an address to the end of the object that it is in; 0 if it is in none. */
    private long room(long address) {
        int span = address == 0 ? -1 : spans.spanAt(address);
        int element = span < 0 ? -1 : spans.elementAt(span, address);
        if (element < 0 || !spans.allocated(spans.firstSlot(span) + element)) {
            return 0;
        }
        long object = spans.objectAddress(span, element);
        return object + spans.elementSize(span) - spans.header(span) - address;
    }

    private void text(long data, long place) {
        if (data == 0) {
            return;
        }
        long length = memory.word(place + 8);
        if (length > 0 && length <= room(data)) {
            sink.text(data, length, digest(data, length));
        }
    }

    /** 0 if the core does not have all bytes; what else is in the object can be looked at all the same. */
    private long digest(long data, long length) {
        try {
            long state = ContentDigest.START;
            for (long done = 0; done < length; ) {
                int piece = (int) Math.min(PIECE, length - done);
                memory.bytes(data + done, buffer, 0, piece);
                state = ContentDigest.add(state, buffer, 0, piece);
                done += piece;
            }
            return ContentDigest.end(state, length);
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    private long digestOfNumber(long data, int bytes, int type) {
        try {
            return ContentDigest.with(memory.unsigned(data, bytes), type);
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    private void slice(long data, long place, int element) {
        if (data == 0) {
            return;
        }
        long length = memory.word(place + 8);
        long capacity = memory.word(place + 16);
        long bytes = facts.of(element).size;
        if (capacity > 0 && length >= 0 && length <= capacity && bytes > 0 && capacity <= room(data) / bytes) {
            sink.slice(data, length, capacity, bytes);
        }
    }

    private void number(long word, long place, boolean methods) {
        int type = word == 0 ? 0 : methods ? typeWords.tableType(word) : typeWords.type(word);
        if (type == 0) {
            return;
        }
        TypeFacts of = facts.of(type);
        boolean number =
                of.type.kind().compareTo(GoKind.BOOL) >= 0 && of.type.kind().compareTo(GoKind.FLOAT64) <= 0;
        if (number && !of.type.direct()) {
            long data = memory.word(place + 8);
            if (of.size > 0 && of.size <= room(data)) {
                sink.number(data, of.size, digestOfNumber(data, (int) of.size, type));
            }
        }
    }
}

package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads every record of a heap dump once and keeps all but the contents of objects; used by one thread. */
final class FirstPass implements RecordHandler, SpanTails.Objects {
    /** What 32 bits of words can say. */
    private static final long LARGEST = 0xffffffffL * Long.BYTES;

    private final String file;
    private final Parameters parameters;
    private final DumpInput words;
    private final ChunkSinks<ObjectSink> sinks;
    private final DamageReport damage;
    private final boolean headers;

    private final SpanTails tails;
    private final SlotRuns runs = new SlotRuns();
    private final Types types = new Types();
    private final List<Chunk> chunks = new ArrayList<>();
    private final Goroutines goroutines = new Goroutines();
    private final LongList dataPointers = new LongList();
    private final LongList bssPointers = new LongList();
    private final LongList otherRoots = new LongList();
    private final List<String> otherRootNames = new ArrayList<>();
    private final LongList finalizers = new LongList();
    private final LongList queuedFinalizers = new LongList();
    private final LongList threads = new LongList();
    private final LongList samples = new LongList();
    private final List<BucketRecord> buckets = new ArrayList<>();
    private final DescriptorRange descriptors = new DescriptorRange();
    private long @Nullable [] statistics;

    private long objects;
    private long bytes;
    private long references;
    private boolean data;
    private boolean bss;
    private long strayFrames;

    private long chunkStart;
    private int chunkFirstRun;
    private @Nullable ObjectSink sink;

    /** What memory the fields belong to. */
    private enum Memory {
        NONE,
        OBJECT,
        SEGMENT,
        FRAME
    }

    private Memory memory = Memory.NONE;
    private boolean zeroed;
    private long record;
    private long address;
    private long size;
    private long contents;
    private long fields;
    private long firstField;

    FirstPass(
            String file,
            Parameters parameters,
            DumpInput words,
            ChunkSinks<ObjectSink> sinks,
            DamageReport damage,
            long start) {
        this.file = file;
        this.parameters = parameters;
        this.words = words;
        this.sinks = sinks;
        this.damage = damage;
        this.tails = new SpanTails(parameters.release());
        this.headers = parameters.release() != null && parameters.release().atLeast(22);
        this.chunkStart = start;
    }

    @Override
    public void object(long at, long slot, long bytesOfSlot, long memoryAt) throws IOException {
        if (bytesOfSlot <= 0
                || bytesOfSlot % Long.BYTES != 0
                || bytesOfSlot > LARGEST
                || !parameters.inArena(slot)
                || !parameters.inArena(slot + bytesOfSlot - 1)) {
            throw new DumpFormatException(
                    file,
                    at,
                    "object of " + bytesOfSlot + " bytes at 0x" + Long.toHexString(slot) + ", outside the heap");
        }
        if (!tails.concerns(bytesOfSlot) || !tails.continues(slot, bytesOfSlot)) {
            tails.flush(this);
            if (at - chunkStart >= Chunk.BYTES) {
                cut(at);
            }
        }
        begin(Memory.OBJECT, slot, memoryAt);
        record = at;
        size = bytesOfSlot;
        fields = 0;
    }

    @Override
    public void field(long offset) throws IOException {
        if (fields++ == 0) {
            firstField = offset;
        }
        if (memory == Memory.SEGMENT) {
            long target = words.wordAt(contents + offset);
            if (parameters.inArena(target)) {
                LongList pointers = zeroed ? bssPointers : dataPointers;
                pointers.add(address + offset);
                pointers.add(target);
            }
        } else if (memory == Memory.FRAME) {
            long target = words.wordAt(contents + offset);
            if (parameters.inArena(target)) {
                goroutines.pointer(target);
            }
        }
    }

    @Override
    public void end() throws IOException {
        if (memory == Memory.OBJECT) {
            endObject();
        } else if (memory == Memory.SEGMENT) {
            data |= !zeroed;
            bss |= zeroed;
        }
        memory = Memory.NONE;
    }

    private void endObject() throws IOException {
        references += fields;
        if (tails.concerns(size)) {
            tails.add(address, size, record, fields > 0);
        } else {
            add(address, size, record, fields > 0, header());
        }
    }

    /** Whether the slot begins with the address of a type descriptor: since Go 1.22, with pointers, over 512 bytes. */
    private boolean header() throws IOException {
        if (!headers || fields == 0 || size > Types.LARGEST_CLASS) {
            return false;
        }
        long word = words.wordAt(contents);
        if (size < Types.LARGEST_CLASS) {
            descriptors.add(word);
            return true;
        }
        // An object of 32761 to 32768 bytes has a span of its own, as large as the last size class, and no header.
        return firstField > 0 && descriptors.contains(word);
    }

    @Override
    public void object(long slot, long slotSize, long at, boolean pointers) {
        add(slot, slotSize, at, pointers, false);
    }

    @Override
    public void gap() {
        runs.close();
    }

    private void add(long slot, long slotSize, long at, boolean pointers, boolean header) {
        if (sink == null) {
            sink = sinks.open(chunks.size());
        }
        runs.add(slot, slotSize, (pointers ? SlotRuns.POINTERS : 0) | (header ? SlotRuns.HEADER : 0), at);
        types.addUnknown(slotSize, pointers);
        sink.object(slot + (header ? SlotRuns.HEADER_BYTES : 0), -1, 0);
        objects++;
        bytes += slotSize;
    }

    /** What was read up to an offset is a chunk, if there are objects in it. */
    void cut(long end) {
        tails.flush(this);
        if (sink != null) {
            sinks.close(chunks.size(), sink);
            chunks.add(new Chunk(chunkStart, end, chunkFirstRun, runs.count()));
            sink = null;
        }
        runs.close();
        chunkFirstRun = runs.count();
        chunkStart = end;
        memory = Memory.NONE;
    }

    /** What follows begins at an offset; {@link #cut} was called before. */
    void resume(long start) {
        chunkStart = start;
    }

    /** No more records follow. */
    void finish(long end) {
        cut(end);
        runs.sort();
        damage.note(
                "not-objects",
                -1,
                "slots behind the last object of a span are the runtime's own notes and were left out",
                tails.dropped());
        damage.note(
                "undecided-slots",
                -1,
                "slots may be objects or the runtime's own notes and were taken for objects",
                tails.undecided());
        damage.note(
                "profile-left-out",
                -1,
                "records of the memory profiler serve for allocation stacks only: they lack the program counters and the rate"
                        + " that the runtime's own profile has",
                buckets.size());
        damage.note("stray-frame", -1, "frames belong to no goroutine and were left out", strayFrames);
    }

    @Override
    public void segment(boolean isBss, long start, long length, long memoryAt) {
        begin(Memory.SEGMENT, start, memoryAt);
        zeroed = isBss;
    }

    @Override
    public void frame(long sp, long length, long memoryAt, long entry, long pc, String function) {
        boolean belongs = goroutines.frame(sp, length, memoryAt, entry, pc, function);
        begin(belongs ? Memory.FRAME : Memory.NONE, sp, memoryAt);
        strayFrames += belongs ? 0 : 1;
    }

    private void begin(Memory kind, long start, long memoryAt) {
        memory = kind;
        address = start;
        contents = memoryAt;
    }

    @Override
    public void type(long at, long bytesOfValue, String name) {
        types.descriptor(at, bytesOfValue, name);
        descriptors.add(at);
    }

    @Override
    public void goroutine(GoroutineRecord goroutine) {
        goroutines.begin(goroutine);
    }

    @Override
    public void otherRoot(String description, long target) {
        otherRootNames.add(description);
        otherRoots.add(target);
    }

    @Override
    public void finalizer(boolean queued, long object, long function) {
        LongList list = queued ? queuedFinalizers : finalizers;
        list.add(object);
        list.add(function);
    }

    @Override
    public void thread(long at) {
        threads.add(at);
    }

    @Override
    public void memoryStatistics(long[] figures) {
        statistics = figures;
    }

    @Override
    public void deferred(long at, long function) {
        goroutines.held(at);
        goroutines.held(function);
    }

    @Override
    public void panic(long at, long argument) {
        goroutines.held(at);
        goroutines.held(argument);
    }

    @Override
    public void bucket(BucketRecord bucket) {
        buckets.add(bucket);
    }

    @Override
    public void sample(long object, long bucket) {
        samples.add(object);
        samples.add(bucket);
    }

    Parameters parameters() {
        return parameters;
    }

    SlotRuns runs() {
        return runs;
    }

    Types types() {
        return types;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    Goroutines goroutines() {
        return goroutines;
    }

    /** Pairs: address of a pointer in a package variable of the data segment, and what it points to. */
    LongList dataPointers() {
        return dataPointers;
    }

    /** The same of the segment of variables that began as zero. */
    LongList bssPointers() {
        return bssPointers;
    }

    List<String> otherRootNames() {
        return otherRootNames;
    }

    LongList otherRoots() {
        return otherRoots;
    }

    /** Pairs: an object and its finalizer's closure. */
    LongList finalizers() {
        return finalizers;
    }

    /** Pairs: an object and the closure that is to run. */
    LongList queuedFinalizers() {
        return queuedFinalizers;
    }

    /** The runtime's structures for threads of the operating system. */
    LongList threads() {
        return threads;
    }

    /** Pairs: a sampled object and its bucket. */
    LongList samples() {
        return samples;
    }

    List<BucketRecord> buckets() {
        return buckets;
    }

    /** The memory statistics, or null if the file lost them. */
    long @Nullable [] statistics() {
        return statistics;
    }

    long objects() {
        return objects;
    }

    /** Bytes of all slots that are objects. */
    long bytes() {
        return bytes;
    }

    /** Pointer fields of all objects. */
    long references() {
        return references;
    }

    /** Whether both segments with package variables were read. */
    boolean hasVariables() {
        return data && bss;
    }
}

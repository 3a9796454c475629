package dev.holdfast.dump;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An opened dump: what the file records or lets one discover, whatever its format.
 *
 * <p>The graph is built by four calls in this order: {@link #objects}, {@link #layout}, {@link #references},
 * {@link #types()}. What a method says it needs must have been called before, else {@link IllegalStateException}.
 * Afterwards everything is immutable and thread-safe, and {@link #read} reads single objects at random until the file is
 * closed.
 */
public interface DumpFile extends Closeable {
    /**
     * Opens a dump, recognising the format by content.
     *
     * @throws DumpFormatException if no format fits or the file is damaged beyond use
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if the options name a dump that the file does not have, or no possible layout
     */
    static DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException {
        return FormatDetection.open(file, options, progress);
    }

    /**
     * Counts the objects of a dump that can be read only once, such as from a pipe, plain or packed with gzip.
     *
     * @param in read to its end unless that fails; not closed
     * @param name what errors will show
     * @throws DumpFormatException if no format fits, the format cannot be read so, or the data is damaged beyond use
     * @throws IOException if it cannot be read
     */
    static StreamedTotals stream(InputStream in, String name, DumpOptions options, Progress progress)
            throws IOException {
        return FormatDetection.stream(in, name, options, progress);
    }

    /** How the file is read. */
    default DumpOptions options() {
        return DumpOptions.DEFAULT;
    }

    /** What the dump is; the runtime's name is known once {@link #layout} was called. */
    DumpInfo info();

    /**
     * Reads all objects, chunk by chunk, in parallel.
     *
     * @throws DumpFormatException if the file is damaged and the options are strict, or nothing can be read
     * @throws CanceledException if the progress was cancelled
     */
    void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException;

    /**
     * Finds the shallow size of any object. Needs {@link #objects}.
     *
     * @param addresses all objects that {@code objects} delivered
     */
    ShallowSizes layout(AddressSet addresses) throws IOException;

    /** How {@link #layout} found the sizes. */
    LayoutInfo layoutInfo();

    /**
     * Counts all objects in one pass, in memory that does not depend on how many there are. Needs no other call and no
     * other call may follow but {@link #info}, {@link #warnings} and {@link #close}.
     *
     * @return null where the format or the options need the four calls for it
     */
    default @Nullable StreamedTotals stream(Progress progress) throws IOException {
        return null;
    }

    /** How many chunks {@link #references} will hand out. Needs {@link #objects}. */
    int chunkCount();

    /**
     * Reads all objects with their references, chunk by chunk, in parallel. Needs {@link #layout}. May run again.
     *
     * @throws IOException if the file cannot be read any more
     * @throws CanceledException if the progress was cancelled
     */
    void references(ChunkSinks<ReferenceSink> sinks, Progress progress) throws IOException;

    /**
     * Looks into objects of some types, chunk by chunk, in parallel: reads the numbers in their fields and digests of their
     * elements. Needs {@link #layout}. May run again. Costs as much as {@link #references}.
     *
     * @return false if the format does not say enough of its objects, or says it in another way
     * @throws IOException if the file cannot be read any more, or is needed and not there
     * @throws CanceledException if the progress was cancelled
     */
    default boolean contents(ContentRequest request, ChunkSinks<ContentSink> sinks, Progress progress)
            throws IOException {
        return false;
    }

    /**
     * Looks for strings, slices, maps and channels in all objects of known types and in variables, chunk by chunk, in
     * parallel; of a Go program. Needs {@link #references}. May run again.
     *
     * @return false if the format does not say enough of its objects, or says it in another way
     * @throws IOException if the file cannot be read any more, or is needed and not there
     * @throws CanceledException if the progress was cancelled
     */
    default boolean headers(ChunkSinks<HeaderSink> sinks, Progress progress) throws IOException {
        return false;
    }

    /** The types; index 0 is the unknown type. Needs {@link #layout}, and takes long if they come later and did not yet. */
    List<DumpType> types();

    /** Whether {@link #references} hands out all objects as of type 0, because their types are found while it runs. */
    default boolean typesComeLater() {
        return false;
    }

    /** The types that come later. Needs {@link #layout}, and takes long where {@link #references} did not run. */
    default FoundTypes foundTypes() {
        throw new IllegalStateException("objects had their types");
    }

    /** The roots and holders. Needs {@link #layout}, because threads are named from the heap. */
    DumpRoots roots();

    /** The threads. Needs {@link #layout}. */
    List<DumpThread> threads();

    /** What each of the {@link #threads} waits for; of none where the format does not record it. Needs {@link #layout}. */
    default ThreadWaits waits() {
        return ThreadWaits.NONE;
    }

    /** At most so many references has {@link #references} to deliver; null references are counted in. Needs {@link #objects}. */
    long maxReferences();

    /**
     * Whether the file ends before the roots that it should have; then the graph puts estimates in their place. Needs
     * {@link #objects}.
     */
    boolean rootsLost();

    /**
     * Name of a reference as the program's source would show it: the field, {@code []} for elements, {@code static x},
     * {@code <super>}, ... Needs {@link #objects}.
     *
     * @param source address of the object that has the reference
     * @param type type of that object
     * @param slot as handed to {@link ReferenceSink#reference}, not {@link ReferenceSink#UNNAMED_SLOT}
     */
    String referenceName(long source, int type, int slot);

    /**
     * Reads an object, or null if the dump has none at that address. Needs {@link #objects}. Costs a few microseconds
     * and one read of the file.
     */
    @Nullable
    RecordedObject read(long address) throws IOException;

    /**
     * The type that the class object at the address stands for, or null if it is no class object. Needs
     * {@link #objects}.
     */
    @Nullable
    DumpType typeOfClassObject(long address);

    /**
     * All references of an object with names, nulls left out; used where slots do not suffice. Needs {@link #objects}.
     *
     * @param limit reads at most so many
     */
    List<NamedReference> readReferences(long address, int limit) throws IOException;

    /**
     * Reads elements of an array: addresses, 0 for null, or raw bits, sign-extended. None if the dump left them out. Needs
     * {@link #objects}.
     *
     * @param from index of the first element
     * @param count how many; fewer are returned at the array's end
     */
    long[] readElements(long address, long from, int count) throws IOException;

    /** How the type of an object is known, by its position among all addresses. Needs {@link #references}. */
    default Evidence evidence(int object) {
        return Evidence.EXACT;
    }

    /** Where objects were allocated. Needs {@link #layout}. */
    default AllocationSites allocationSites() {
        return AllocationSites.NONE;
    }

    /** The runtime's memory accounting by class; empty where the format has none. Needs {@link #layout}. */
    default List<MemoryClass> memoryClasses() {
        return List.of();
    }

    /** What stack memory is used for that no live goroutine stands on. Needs {@link #layout}. */
    default StackMemory stackMemory() {
        return StackMemory.NONE;
    }

    /**
     * What earlier calls left in the free part of a thread's stack: evidence, and no part of any sum. Nothing where the
     * format has no stacks. Needs {@link #layout}. Reads the free part anew each time.
     *
     * @param thread one of {@link #threads}
     */
    default GhostFrames ghostFrames(DumpThread thread) {
        return GhostFrames.NONE;
    }

    /** Settings and counters of the runtime by name, for people: pacing of the collector, build, environment. */
    default Map<String, String> runtimeFacts() {
        return Map.of();
    }

    /** The profiles that the runtime kept in memory. Needs {@link #layout}. */
    default List<RecordedProfile> recordedProfiles() {
        return List.of();
    }

    /** Figures of the dump that must agree. Needs {@link #layout}. */
    default List<DumpIdentity> identities() {
        return List.of();
    }

    /** What could not be taken at face value so far. */
    List<DumpWarning> warnings();

    /**
     * A reference with its name.
     *
     * @param name as {@link #referenceName}
     * @param target the address it holds
     */
    record NamedReference(String name, long target) {}
}

package dev.holdfast.dump;

/**
 * Hands out a sink for each chunk of a dump, so that chunks can be read in parallel.
 *
 * <p>Chunks are numbered from 0 in file order and are the same whatever the number of threads; results merged by chunk
 * number are therefore deterministic.
 *
 * @param <S> {@link ObjectSink} or {@link ReferenceSink}
 */
public interface ChunkSinks<S> {
    /** A chunk begins; called by the thread that will fill the sink. */
    S open(int chunk);

    /** The chunk is complete; called by the same thread. */
    default void close(int chunk, S sink) {}
}

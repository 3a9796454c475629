package dev.holdfast.dump.io;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ScratchFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A dump that HotSpot compressed itself: a chain of independent gzip members of at most {@code BLOCKSIZE} uncompressed
 * bytes each (hprof.md 1.8), read at random. One that is going to be read more than once is unpacked into a scratch file
 * by all workers first, where the disk has room: to inflate it costs 1.75 s a gigabyte of one core each time.
 *
 * <p>A member is checked whenever it is unpacked whole; damage is reported once a member, at its offset in the compressed
 * file. Thread-safe; a few inflated blocks are cached, 1 MiB each.
 */
final class GzipMembers implements ByteSource {
    /** Reads that end this near to the start of a member inflate only so much: skimming segment headers is cheap. */
    private static final int PREFIX = 4096;

    /** Where more than this part of the members was needed whole only to find the segments, skimming does not work. */
    private static final int SKIMMED_PART = 8;

    private final FileSource file;
    private final Means means;
    private final GzipDamage damage;
    private final long[] starts;
    private final long[] positions;
    private final BlockCache cache;
    private final Queue<GzipDecoder> idle = new ConcurrentLinkedQueue<>();
    private final Set<Integer> reported = new HashSet<>();
    /** How many members were unpacked whole before it was said how often the dump will be read; -1 afterwards. */
    private int whole;

    private volatile @Nullable FileSource unpacked;

    /** What is at hand for unpacking. */
    private record Means(int threads, @Nullable Path workDir, Progress progress) {}

    private GzipMembers(FileSource file, GzipIndex index, Means means, GzipDamage damage) {
        this.file = file;
        this.means = means;
        this.starts = index.starts();
        this.positions = index.positions();
        this.damage = damage;
        this.cache = new BlockCache(2 * means.threads + 4);
        // The index had to unpack the last member, and reported it.
        reported.add(starts.length - 2);
    }

    /** Opens the file; null if it is not of this kind or its members do not fit together. */
    static @Nullable GzipMembers open(
            FileSource file, int threads, @Nullable Path workDir, GzipDamage damage, Progress progress)
            throws IOException {
        GzipIndex index = GzipIndex.of(file, threads, damage);
        return index == null
                ? null
                : new GzipMembers(file, index, new Means(threads, workDir, progress.unseen()), damage);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public long size() {
        return positions[positions.length - 1];
    }

    private int members() {
        return starts.length - 1;
    }

    private int size(int member) {
        return (int) (positions[member + 1] - positions[member]);
    }

    @Override
    public void prepare(int passes, Progress progress) throws IOException {
        synchronized (this) {
            whole = -1;
        }
        if (passes > 1) {
            progress.phase("unpacking gzip", size());
            unpack(progress);
        }
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        FileSource plain = unpacked;
        if (plain != null) {
            return plain.read(position, target, offset, length);
        }
        int done = 0;
        while (done < length && position + done < size()) {
            long at = position + done;
            int member = memberAt(at);
            int within = (int) (at - positions[member]);
            int want = (int) Math.min(length - done, positions[member + 1] - at);
            if (within + want > PREFIX || !readPrefix(member, within, target, offset + done, want)) {
                readWhole(member, within, target, offset + done, want);
            }
            done += want;
        }
        return done;
    }

    private int memberAt(long position) {
        int at = Arrays.binarySearch(positions, position);
        if (at < 0) {
            return -at - 2;
        }
        while (positions[at + 1] == position) {
            at++;
        }
        return at;
    }

    /** Unpacks no more of a member than its start; false if the cache or its whole content must be asked. */
    private boolean readPrefix(int member, int within, byte[] target, int offset, int length) throws IOException {
        if (size(member) <= PREFIX || cache.has(member)) {
            return false;
        }
        GzipDecoder decoder = decoder();
        try {
            byte[] head = new byte[within + length];
            boolean begun = decoder.start(starts[member], starts[member + 1]);
            if (!begun || decoder.readFully(head, head.length) < head.length) {
                return false;
            }
            System.arraycopy(head, within, target, offset, length);
            return true;
        } finally {
            idle.add(decoder);
        }
    }

    private void readWhole(int member, int within, byte[] target, int offset, int length) throws IOException {
        BlockCache.Block block = cache.claim(member);
        try {
            if (!block.filled()) {
                inflate(member, block.buffer(size(member)));
                cache.filled(block);
            }
            System.arraycopy(block.bytes(), within, target, offset, length);
        } finally {
            cache.release(block);
        }
        if (skimsInVain()) {
            unpack(means.progress);
        }
    }

    private synchronized boolean skimsInVain() {
        return whole >= 0 && ++whole == members() / SKIMMED_PART + cache.most();
    }

    private GzipDecoder decoder() {
        GzipDecoder used = idle.poll();
        return used != null ? used : GzipIndex.decoder(file, 0, file.size());
    }

    /** Unpacks a whole member; what of it cannot be unpacked is zeros. */
    private void inflate(int member, byte[] block) throws IOException {
        int size = size(member);
        GzipDecoder decoder = decoder();
        try {
            boolean begun = decoder.start(starts[member], starts[member + 1]);
            int n = begun ? decoder.readMember(block, size) : 0;
            Arrays.fill(block, n, size, (byte) 0);
            report(member, begun ? decoder : null, size - n);
        } finally {
            idle.add(decoder);
        }
    }

    /** Reports what is wrong with a member that was unpacked; once, however often it is, and when strict each time. */
    private void report(int member, @Nullable GzipDecoder decoder, int missing) throws IOException {
        synchronized (reported) {
            if (reported.contains(member)) {
                return;
            }
            GzipProblem problem = decoder == null ? GzipProblem.DAMAGED : decoder.problem();
            if (problem != null) {
                damage.report(problem, starts[member], 1);
            }
            if (decoder != null && decoder.ended()) {
                damage.unread(decoder.position(), starts[member + 1]);
            }
            if (missing > 0) {
                damage.report(GzipProblem.MISSING, starts[member], missing);
            }
            reported.add(member);
        }
    }

    /** Unpacks all into a scratch file, if the cache does not hold it anyway and the disk has room. */
    private void unpack(Progress progress) throws IOException {
        if (unpacked != null || members() <= cache.most()) {
            return;
        }
        Path folder = ScratchFolder.of(means.workDir);
        if (ScratchFolder.inMemory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).getUsableSpace() < size() + GzipSpool.KEEP_FREE) {
            return;
        }
        FileChannel scratch = GzipSpool.scratch(folder);
        try {
            if (unpack(scratch, progress)) {
                unpacked = FileSource.ofScratch(scratch, name());
                cache.clear();
            } else {
                scratch.close();
            }
        } catch (IOException | RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    /** False if the disk has no room after all; then the members will do. */
    private boolean unpack(FileChannel scratch, Progress progress) throws IOException {
        AtomicLong done = new AtomicLong();
        AtomicLong unwritten = new AtomicLong();
        Workers.run(members(), means.threads, () -> {
            BlockCache.Block block = new BlockCache.Block();
            return member -> {
                progress.check();
                if (unwritten.get() == 0) {
                    int size = size(member);
                    inflate(member, block.buffer(size));
                    ByteBuffer content = ByteBuffer.wrap(block.bytes(), 0, size);
                    if (!written(scratch, content, positions[member])) {
                        unwritten.incrementAndGet();
                    }
                    progress.advance(done.addAndGet(size));
                }
            };
        });
        return unwritten.get() == 0;
    }

    private static boolean written(FileChannel scratch, ByteBuffer content, long position) {
        try {
            long at = position;
            while (content.hasRemaining()) {
                at += scratch.write(content, at);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (GzipDecoder decoder = idle.poll(); decoder != null; decoder = idle.poll()) {
            decoder.close();
        }
        FileSource plain = unpacked;
        try {
            if (plain != null) {
                plain.close();
            }
        } finally {
            file.close();
        }
    }
}

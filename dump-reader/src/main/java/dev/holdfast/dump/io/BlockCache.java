package dev.holdfast.dump.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of a gzip file that were unpacked last; their buffers are used again, as an array of a megabyte for each
 * member would be a collection for each few of them where the heap is small.
 *
 * <p>Thread-safe: a member is unpacked by one thread, for which others that want it wait.
 */
final class BlockCache {
    /** A member's content while it is {@link #claim claimed}. */
    static final class Block {
        private int member = -1;
        private int users;
        private boolean filled;
        private long usedAt;
        private byte[] bytes = {};

        /** Whether the content is there; else who claimed the block must fill it. */
        boolean filled() {
            return filled;
        }

        byte[] bytes() {
            return bytes;
        }

        /** A buffer of so many bytes at least, whose content is void. */
        byte[] buffer(int size) {
            if (bytes.length < size) {
                bytes = new byte[size];
            }
            return bytes;
        }
    }

    private final List<Block> blocks = new ArrayList<>();
    private final int most;
    private long clock;

    /** A cache of so many blocks, and of more while more are claimed. */
    BlockCache(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    /** The member's block, to be {@link #release released}. Who gets one that is not filled fills it. */
    synchronized Block claim(int member) {
        boolean interrupted = false;
        try {
            while (true) {
                Block block = find(member);
                if (block == null) {
                    block = free();
                    block.member = member;
                    block.filled = false;
                    block.users = 1;
                    return block;
                }
                if (block.filled) {
                    block.users++;
                    return block;
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the member is there, or is being unpacked. */
    synchronized boolean has(int member) {
        return find(member) != null;
    }

    private @Nullable Block find(int member) {
        for (Block block : blocks) {
            if (block.member == member) {
                return block;
            }
        }
        return null;
    }

    /** The block that has not been used for the longest time, or a new one. */
    private Block free() {
        Block oldest = null;
        for (Block block : blocks) {
            if (block.users == 0 && (oldest == null || block.usedAt < oldest.usedAt)) {
                oldest = block;
            }
        }
        if (oldest == null || oldest.member >= 0 && blocks.size() < most) {
            oldest = new Block();
            blocks.add(oldest);
        }
        return oldest;
    }

    /** Says that the content is there. */
    synchronized void filled(Block block) {
        block.filled = true;
        notifyAll();
    }

    /** Gives a block back; one that was not filled is forgotten. */
    synchronized void release(Block block) {
        block.users--;
        block.usedAt = ++clock;
        if (!block.filled) {
            block.member = -1;
            notifyAll();
        }
        if (blocks.size() > most && block.users == 0) {
            blocks.remove(block);
        }
    }

    /** Forgets all. */
    synchronized void clear() {
        blocks.clear();
    }
}

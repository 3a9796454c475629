package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes heap dumps as Go's {@code runtime/debug.WriteHeapDump} does, record by record and without any check, so that tests
 * can write what no program would. Kinds of records and fields are those of {@code runtime/heapdump.go}.
 */
public final class GoHeapDumpWriter {
    /** Where the heap of a dump with {@link #parameters} begins. */
    public static final long HEAP = 0xc000000000L;

    /** Bytes of that heap. */
    public static final long HEAP_BYTES = 64L << 20;

    private static final int STATISTICS = 24 + 256 + 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A dump that has nothing but its header. */
    public GoHeapDumpWriter() {
        out.writeBytes("go1.7 heap dump\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** What a program of a release says of itself. */
    public GoHeapDumpWriter parameters(String version) {
        return number(6)
                .number(0)
                .number(8)
                .number(HEAP)
                .number(HEAP + HEAP_BYTES)
                .text("amd64")
                .text(version)
                .number(4);
    }

    /** An object of zeros but for some words. */
    public GoHeapDumpWriter object(long address, int size, Word... words) {
        return number(1).number(address).memory(size, words);
    }

    /** A type. */
    public GoHeapDumpWriter type(long address, long size, String name) {
        return number(3).number(address).number(size).text(name).number(1);
    }

    /** An interface table. */
    public GoHeapDumpWriter itab(long address, long type) {
        return number(8).number(address).number(type);
    }

    /** A goroutine that waits. */
    public GoHeapDumpWriter goroutine(long address, long sp, long id, String reason) {
        return goroutine(address, sp, id, 4, false, 0, reason);
    }

    /** A goroutine. */
    public GoHeapDumpWriter goroutine(
            long address, long sp, long id, int status, boolean system, long createdBy, String reason) {
        return number(4)
                .number(address)
                .number(sp)
                .number(id)
                .number(createdBy)
                .number(status)
                .number(system ? 1 : 0)
                .number(0)
                .number(0)
                .text(reason)
                .number(0)
                .number(0)
                .number(0)
                .number(0);
    }

    /** A frame of the goroutine before. */
    public GoHeapDumpWriter frame(long sp, int depth, String function, long entry, long pc, int size, Word... words) {
        number(5).number(sp).number(depth).number(0);
        contents(size, words);
        return number(entry).number(pc).number(pc).text(function).fields(words);
    }

    /** A thread of the operating system. */
    public GoHeapDumpWriter thread(long address) {
        return number(9).number(address).number(0).number(1);
    }

    /** The variables that do not begin as zero. */
    public GoHeapDumpWriter data(long address, int size, Word... words) {
        return number(12).number(address).memory(size, words);
    }

    /** The variables that begin as zero. */
    public GoHeapDumpWriter bss(long address, int size, Word... words) {
        return number(13).number(address).memory(size, words);
    }

    /** A root with a description. */
    public GoHeapDumpWriter otherRoot(String description, long target) {
        return number(2).text(description).number(target);
    }

    /** An object with a finalizer, or one whose finalizer is to run. */
    public GoHeapDumpWriter finalizer(boolean queued, long object, long closure) {
        return number(queued ? 11 : 7)
                .number(object)
                .number(closure)
                .number(0x401000)
                .number(0)
                .number(0);
    }

    /** A deferred call of the goroutine before. */
    public GoHeapDumpWriter deferred(long address, long goroutine, long closure) {
        return number(14)
                .number(address)
                .number(goroutine)
                .number(0)
                .number(0)
                .number(closure)
                .number(0x401000)
                .number(0);
    }

    /** A panic of the goroutine before. */
    public GoHeapDumpWriter panic(long address, long goroutine, long argument) {
        return number(15)
                .number(address)
                .number(goroutine)
                .number(0)
                .number(argument)
                .number(0)
                .number(0);
    }

    /** Memory statistics, all 0 but for some that are named by their place in {@code runtime.MemStats}. */
    public GoHeapDumpWriter statistics(Word... figures) {
        long[] all = new long[STATISTICS];
        for (Word figure : figures) {
            all[figure.at] = figure.value;
        }
        number(10);
        for (long figure : all) {
            number(figure);
        }
        return this;
    }

    /** A place of allocation with one frame. */
    public GoHeapDumpWriter bucket(long address, long size, String function, String file, int line) {
        return number(16)
                .number(address)
                .number(size)
                .number(1)
                .text(function)
                .text(file)
                .number(line)
                .number(1)
                .number(0);
    }

    /** A sampled object. */
    public GoHeapDumpWriter sample(long object, long bucket) {
        return number(17).number(object).number(bucket);
    }

    /** The last record. */
    public GoHeapDumpWriter end() {
        return number(0);
    }

    /** The dump so far. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** How many bytes it has so far. */
    public int size() {
        return out.size();
    }

    /** An unsigned number as it is. */
    public GoHeapDumpWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    private GoHeapDumpWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    private GoHeapDumpWriter memory(int size, Word... words) {
        contents(size, words);
        return fields(words);
    }

    private void contents(int size, Word... words) {
        ByteBuffer memory = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (Word word : words) {
            memory.putLong(word.at, word.value);
        }
        number(size);
        out.writeBytes(memory.array());
    }

    private GoHeapDumpWriter fields(Word... words) {
        for (Word word : words) {
            if (word.pointer) {
                number(1).number(word.at);
            }
        }
        return number(0);
    }

    /** A word of memory. */
    public static final class Word {
        private final int at;
        private final long value;
        private final boolean pointer;

        private Word(int at, long value, boolean pointer) {
            this.at = at;
            this.value = value;
            this.pointer = pointer;
        }

        /** A pointer at an offset. */
        public static Word pointer(int offset, long target) {
            return new Word(offset, target, true);
        }

        /** A number at an offset, or a figure at a place. */
        public static Word number(int at, long value) {
            return new Word(at, value, false);
        }
    }
}

package dev.holdfast.dump.io;

import dev.holdfast.testkit.HotSpotGzipOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** A gzip file in the making: members in a row, which can then be damaged. */
final class GzipFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Integer> starts = new ArrayList<>();

    /** Content that packs to about half, different for each seed. */
    static byte[] content(int size, long seed) {
        byte[] content = new byte[size];
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            content[i] = (byte) random.nextInt(16);
        }
        return content;
    }

    /** Appends a member for each content, as gzip makes them. */
    GzipFile ordinary(byte[]... contents) throws IOException {
        for (byte[] content : contents) {
            starts.add(bytes.size());
            GZIPOutputStream member = new GZIPOutputStream(bytes);
            member.write(content);
            member.finish();
        }
        return this;
    }

    /** Appends a member for each content, as HotSpot makes them; the first of the call with HotSpot's comment. */
    GzipFile hotSpot(byte[]... contents) throws IOException {
        HotSpotGzipOutput out = new HotSpotGzipOutput(bytes);
        for (byte[] content : contents) {
            starts.add(bytes.size());
            out.write(content);
            out.flush();
        }
        return this;
    }

    /** Appends bytes that are no member. */
    GzipFile plain(byte... more) {
        bytes.writeBytes(more);
        return this;
    }

    /** The offset of a member. */
    int start(int member) {
        return starts.get(member);
    }

    /** The offset after a member, if another or the end of the file follows. */
    int end(int member) {
        return member + 1 < starts.size() ? starts.get(member + 1) : bytes.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The file from an offset on. */
    byte[] from(int offset) {
        return Arrays.copyOfRange(bytes(), offset, bytes.size());
    }

    /** The file without its last bytes. */
    byte[] without(int last) {
        return Arrays.copyOf(bytes(), bytes.size() - last);
    }

    /** The file with one byte changed by xor. */
    byte[] flipped(int at, int xor) {
        byte[] damaged = bytes();
        damaged[at] ^= (byte) xor;
        return damaged;
    }
}

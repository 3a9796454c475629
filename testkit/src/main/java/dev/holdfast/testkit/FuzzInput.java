package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The parts of a fuzzer's input, such as the sections of a program, in one array of bytes. A mark stands between them rather
 * than a length before them: so a byte more or less in one part leaves the others what they were.
 */
public final class FuzzInput {
    private static final byte[] MARK = {(byte) 0xf5, (byte) 0xfa, (byte) 0xf7, (byte) 0xc1};

    private FuzzInput() {}

    /** Parts in one array. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                out.writeBytes(MARK);
            }
            out.writeBytes(parts[i]);
        }
        return out.toByteArray();
    }

    /** A file behind a byte of options. */
    public static byte[] after(int first, byte[] file) {
        byte[] all = new byte[file.length + 1];
        all[0] = (byte) first;
        System.arraycopy(file, 0, all, 1, file.length);
        return all;
    }

    /** The parts of an array; those that it does not have are empty, and the last goes to its end. */
    public static byte[][] split(byte[] input, int parts) {
        byte[][] found = new byte[parts][];
        int start = 0;
        for (int part = 0; part < parts; part++) {
            int end = part + 1 < parts ? mark(input, start) : input.length;
            found[part] = Arrays.copyOfRange(input, Math.min(start, input.length), end);
            start = end + MARK.length;
        }
        return found;
    }

    private static int mark(byte[] input, int from) {
        for (int i = from; i + MARK.length <= input.length; i++) {
            if (Arrays.equals(input, i, i + MARK.length, MARK, 0, MARK.length)) {
                return i;
            }
        }
        return input.length;
    }
}

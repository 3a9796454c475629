package dev.holdfast.dump.hprof;

/** The JVM's encoding of names: U+0000 as C0 80, supplementary characters as two three-byte surrogates (hprof.md 1.9). */
final class ModifiedUtf8 {
    private ModifiedUtf8() {}

    /** Decodes leniently: bytes that fit nowhere become U+FFFD, and so do surrogates without their other half. */
    static String decode(byte[] bytes, int length) {
        char[] chars = new char[length];
        int n = 0;
        int i = 0;
        while (i < length) {
            int b = bytes[i] & 0xff;
            if (b < 0x80) {
                chars[n++] = (char) b;
                i++;
            } else if (b >> 5 == 6 && i + 1 < length && isTrail(bytes[i + 1])) {
                chars[n++] = (char) ((b & 0x1f) << 6 | bytes[i + 1] & 0x3f);
                i += 2;
            } else if (b >> 4 == 14 && i + 2 < length && isTrail(bytes[i + 1]) && isTrail(bytes[i + 2])) {
                chars[n++] = (char) ((b & 0x0f) << 12 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f);
                i += 3;
            } else {
                chars[n++] = '\ufffd';
                i++;
            }
        }
        for (int k = 0; k < n; k++) {
            if (Character.isHighSurrogate(chars[k]) && k + 1 < n && Character.isLowSurrogate(chars[k + 1])) {
                k++;
            } else if (Character.isSurrogate(chars[k])) {
                chars[k] = '\ufffd';
            }
        }
        return new String(chars, 0, n);
    }

    private static boolean isTrail(byte b) {
        return (b & 0xc0) == 0x80;
    }
}

package dev.holdfast.dump;

import dev.holdfast.dump.io.GzipStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.zip.GZIPInputStream;

/** Finds the format of a file from its first bytes; never from its name. */
final class FormatDetection {
    private static final int HEAD = 4096;

    private FormatDetection() {}

    static DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException {
        byte[] head = head(file);
        for (DumpFormat format : ServiceLoader.load(DumpFormat.class, DumpFormat.class.getClassLoader())) {
            if (format.recognises(head)) {
                return format.open(file, options, progress);
            }
        }
        throw new DumpFormatException(file.toString(), -1, "not a dump that Holdfast knows: " + describe(head));
    }

    static StreamedTotals stream(InputStream in, String name, DumpOptions options, Progress progress)
            throws IOException {
        Warnings warnings = new Warnings();
        InputStream unpacked = GzipStream.of(in, name, options.strict(), warnings);
        PushbackInputStream whole = new PushbackInputStream(unpacked, HEAD);
        byte[] head = whole.readNBytes(HEAD);
        whole.unread(head);
        for (DumpFormat format : ServiceLoader.load(DumpFormat.class, DumpFormat.class.getClassLoader())) {
            if (format.recognises(head)) {
                StreamedTotals totals = format.stream(whole, name, options, progress);
                totals.warnings().forEach(warnings::add);
                return totals.withWarnings(warnings.list());
            }
        }
        throw new DumpFormatException(name, -1, "not a dump that Holdfast knows: " + describe(head));
    }

    private static byte[] head(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new DumpFormatException(file.toString(), -1, "is a directory, not a dump");
        }
        byte[] raw;
        try (InputStream in = Files.newInputStream(file)) {
            raw = in.readNBytes(HEAD);
        }
        if (raw.length < 2 || (raw[0] & 0xff) != 0x1f || (raw[1] & 0xff) != 0x8b) {
            return raw;
        }
        byte[] unpacked = new byte[HEAD];
        int length = 0;
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int n;
            while (length < HEAD && (n = in.read(unpacked, length, HEAD - length)) > 0) {
                length += n;
            }
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            // A truncated or damaged stream: what was unpacked so far must do.
            if (length == 0) {
                return raw;
            }
        }
        return Arrays.copyOf(unpacked, length);
    }

    private static String describe(byte[] head) {
        if (head.length == 0) {
            return "the file is empty";
        }
        if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) {
            return "it is a zip archive, unpack it first";
        }
        if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
            return "it is compressed with zstd, unpack it first (zstd -d)";
        }
        if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58)) {
            return "it is compressed with xz, unpack it first (xz -d)";
        }
        if (startsWith(head, 0x04, 0x22, 0x4d, 0x18)) {
            return "it is compressed with lz4, unpack it first (lz4 -d)";
        }
        if (startsWith(head, 0x42, 0x5a, 0x68)) {
            return "it is compressed with bzip2, unpack it first (bzip2 -d)";
        }
        StringBuilder bytes = new StringBuilder("it begins with");
        for (int i = 0; i < Math.min(8, head.length); i++) {
            bytes.append(String.format(" %02x", head[i]));
        }
        return bytes.toString();
    }

    private static boolean startsWith(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}

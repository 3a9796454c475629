package dev.holdfast.cli;

import dev.holdfast.testkit.Compression;
import dev.holdfast.testkit.EveryRecord;
import dev.holdfast.testkit.HprofWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Run by {@link ForgedLengthsTest} in a JVM of its own: profiles a small dump with each of its 4-byte and 8-byte windows replaced by extreme lengths. So
 * every length and count of every record is forged, without this test having to know where they are.
 */
final class ProfileForged {
    private static final int[] LENGTHS = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
    private static final long[] LONG_LENGTHS = {Long.MAX_VALUE, Long.MIN_VALUE};

    private final Path file;
    private final String profiles;
    private final Map<Integer, Integer> codes = new TreeMap<>();

    private ProfileForged(Path folder) {
        file = folder.resolve("forged.hprof");
        profiles = folder.resolve("profiles").toString();
    }

    /** Takes the folder for files, 4 or 8 for the size of ids, and a {@link Compression}; prints each run with an exit code not expected, then all codes. */
    public static void main(String[] args) throws IOException {
        ProfileForged forged = new ProfileForged(Path.of(args[0]));
        byte[] dump = EveryRecord.dump(Integer.parseInt(args[1]), HprofWriter.V1_0_2, Compression.valueOf(args[2]));
        for (int at = 0; at + Integer.BYTES <= dump.length; at++) {
            for (int length : LENGTHS) {
                byte[] changed = dump.clone();
                ByteBuffer.wrap(changed).putInt(at, length);
                forged.profile(changed, "%08x at %d".formatted(length, at));
            }
            // Where a length of 4 bytes does not matter, one of 8 does, or the two halves of an id.
            if (at + Long.BYTES <= dump.length && at % 2 == 0) {
                for (long length : LONG_LENGTHS) {
                    byte[] changed = dump.clone();
                    ByteBuffer.wrap(changed).putLong(at, length);
                    forged.profile(changed, "%016x at %d".formatted(length, at));
                }
            }
        }
        System.out.println("codes " + forged.codes);
    }

    private void profile(byte[] dump, String what) throws IOException {
        Files.write(file, dump);
        CommandRun run = CommandRun.of("profile", "--threads", "1", "--out", profiles, file.toString());
        codes.merge(run.code(), 1, Integer::sum);
        if (run.code() != 0 && run.code() != 3 && run.code() != 4) {
            System.out.println("bad: " + what + ": " + run.code() + " " + run.err());
        }
    }
}

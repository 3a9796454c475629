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
 * Run by {@link ForgedLengthsTest} in a JVM of its own: profiles a small dump with extreme numbers in the place of each
 * number that may be a length or a count, because it is neither 0 nor greater than the file is long. So all lengths of all
 * records are forged, without this test having to know where they are.
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

    /** Takes the folder for files and 4 or 8 for the size of ids; prints each run with an unexpected exit code, then all. */
    public static void main(String[] args) throws IOException {
        ProfileForged forged = new ProfileForged(Path.of(args[0]));
        byte[] dump = EveryRecord.dump(Integer.parseInt(args[1]), HprofWriter.V1_0_2, Compression.NONE);
        for (int at = 0; at + Integer.BYTES <= dump.length; at++) {
            int number = ByteBuffer.wrap(dump).getInt(at);
            if (number <= 0 || number > dump.length) {
                continue;
            }
            for (int length : LENGTHS) {
                byte[] changed = dump.clone();
                ByteBuffer.wrap(changed).putInt(at, length);
                forged.profile(changed, "%08x at %d".formatted(length, at));
            }
            if (at + Long.BYTES <= dump.length) {
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

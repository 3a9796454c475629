package dev.holdfast.testkit;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A file with one defect: cut off, or one byte changed. {@link #toString()} says what was done, for messages.
 */
public final class Damage {
    /** Ways in which {@link #mutate} changes a byte: the ends of the signed and unsigned ranges, neighbours, one bit, all bits. */
    public static final int KINDS = 8;

    private final String name;
    private final byte[] bytes;

    private Damage(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** A file without any defect. */
    public static Damage none(byte[] file) {
        return new Damage("undamaged", file);
    }

    /** Every prefix of the file, from nothing to all but the last byte, then the whole. */
    public static Stream<Damage> prefixes(byte[] file) {
        return IntStream.rangeClosed(0, file.length).mapToObj(length -> cut(file, length));
    }

    /** Every byte of the file changed in each of the {@link #KINDS} ways. */
    public static Stream<Damage> mutations(byte[] file) {
        return IntStream.range(0, file.length * KINDS).mapToObj(i -> mutate(file, i / KINDS, i % KINDS));
    }

    /** Cuts and mutations in turn at random places; the same for the same seed. */
    public static Stream<Damage> sampled(byte[] file, long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> i % 2 == 0
                        ? cut(file, random.nextInt(file.length))
                        : mutate(file, random.nextInt(file.length), random.nextInt(KINDS)));
    }

    /** The first bytes of the file. */
    public static Damage cut(byte[] file, int length) {
        return new Damage("cut at " + length, Arrays.copyOf(file, length));
    }

    /** The file with one byte changed. */
    public static Damage mutate(byte[] file, int at, int kind) {
        byte[] mutant = file.clone();
        mutant[at] = mutate(mutant[at], kind);
        return new Damage("byte " + at + " mutated by rule " + kind, mutant);
    }

    private static byte mutate(byte b, int kind) {
        return switch (kind) {
            case 0 -> 0;
            case 1 -> (byte) 0xff;
            case 2 -> (byte) 0x7f;
            case 3 -> (byte) 0x80;
            case 4 -> (byte) (b + 1);
            case 5 -> (byte) (b - 1);
            case 6 -> (byte) (b ^ 0x10);
            case 7 -> (byte) ~b;
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    /** The damaged file; not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return name;
    }
}

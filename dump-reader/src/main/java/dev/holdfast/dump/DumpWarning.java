package dev.holdfast.dump;

/**
 * Something in a dump that could not be taken at face value.
 *
 * @param code short stable name, {@code lower-case-with-dashes}
 * @param offset of the first occurrence in the uncompressed file (of codes {@code gzip-}, in the compressed one), or -1
 * @param text one sentence for a person
 * @param count how often
 * @param loss whether something was lost or is contradictory (exit code 4), rather than merely worth knowing
 */
public record DumpWarning(String code, long offset, String text, long count, boolean loss) {}

package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormat;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import java.io.IOException;
import java.nio.file.Path;

/** Core dumps of Go programs; the only public class of the package. */
public final class GoCoreFormat implements DumpFormat {
    /** For {@link java.util.ServiceLoader}. */
    public GoCoreFormat() {}

    @Override
    public String name() {
        return "go-core";
    }

    @Override
    public boolean recognises(byte[] head) {
        return head.length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    @Override
    public DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException {
        return open(GoProgram.open(file, options, new Warnings()), options);
    }

    /** Opens what is known of a program already; closing the dump closes the program. */
    public static DumpFile open(GoProgram program, DumpOptions options) throws IOException {
        try {
            return new GoCoreFile(program, options);
        } catch (MissingMemoryException | UnknownLayoutException e) {
            program.close();
            throw new DumpFormatException(
                    program.file().path().toString(),
                    -1,
                    "the heap's own records cannot be read: " + e.getMessage() + "; check that the core is whole");
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }
}

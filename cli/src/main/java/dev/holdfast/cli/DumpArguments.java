package dev.holdfast.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The positional arguments of a command, told apart by their shape; immutable.
 *
 * @param file the first argument that is not an address; null only where an index stands for it
 * @param executable the second one, or null
 * @param addresses the arguments that start with {@code 0x}, compared unsigned
 */
record DumpArguments(@Nullable Path file, @Nullable Path executable, List<Long> addresses) {
    DumpArguments {
        addresses = List.copyOf(addresses);
    }

    /** What stands for standard input in place of a file, and what messages call it. */
    private static final String INPUT = "-";

    static final String INPUT_NAME = "standard input";

    /** Whether the dump is to be read from standard input. */
    boolean isStandardInput() {
        return file != null && file.toString().equals(INPUT);
    }

    /** The dump, where there must be one. */
    Path dump() {
        return Objects.requireNonNull(file, "a dump");
    }

    /**
     * Sorts the arguments out; what is too many or too few is a usage error.
     *
     * @param indexed whether there may be no dump
     */
    static DumpArguments of(List<String> arguments, int maxAddresses, boolean indexed, CommandSpec command) {
        List<Path> files = new ArrayList<>();
        List<Long> addresses = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.startsWith("0x") || argument.startsWith("0X")) {
                addresses.add(address(argument, command));
            } else {
                files.add(Path.of(argument));
            }
        }
        if (files.isEmpty() && !indexed) {
            throw new ParameterException(command.commandLine(), "DUMP is missing");
        }
        if (files.size() > 2) {
            throw new ParameterException(
                    command.commandLine(), "one DUMP and one EXECUTABLE at most, but also '" + files.get(2) + "'");
        }
        if (addresses.size() > maxAddresses) {
            throw new ParameterException(
                    command.commandLine(),
                    maxAddresses == 0
                            ? "this command takes no address (a file whose name starts with 0x: ./0x...)"
                            : "at most " + maxAddresses + " address here, not " + addresses.size());
        }
        return new DumpArguments(
                files.isEmpty() ? null : files.get(0), files.size() > 1 ? files.get(1) : null, addresses);
    }

    /** An address as a user writes it, {@code 0x} and 1 to 16 hexadecimal digits. */
    static long address(String text, CommandSpec command) {
        try {
            String digits = text.substring(2);
            if (!digits.isEmpty() && Character.digit(digits.charAt(0), 16) >= 0) {
                return Long.parseUnsignedLong(digits, 16);
            }
        } catch (NumberFormatException e) {
            // Reported below, with the argument as it was written.
        }
        throw new ParameterException(command.commandLine(), "'" + text + "' is not an address");
    }
}

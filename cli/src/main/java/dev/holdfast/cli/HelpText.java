package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * What {@code --help} prints, as it lies in the jar: to have picocli read the annotations of every command for it takes a
 * cold JVM three times as long as all else. A test holds it equal to what picocli makes of the annotations.
 */
final class HelpText {
    private static final String RESOURCE = "help.txt";

    private HelpText() {}

    /** Whether the arguments ask for help on the whole program and for nothing else. */
    static boolean isAskedFor(String[] arguments) {
        return arguments.length == 1 && (arguments[0].equals("--help") || arguments[0].equals("-h"));
    }

    /** Prints the text and returns the exit code. */
    static int print(StandardStream out) {
        try (InputStream text = HelpText.class.getResourceAsStream(RESOURCE)) {
            if (text == null) {
                return ExitCode.BUG.code();
            }
            out.write(text.readAllBytes());
            out.flush();
            return ExitCode.DONE.code();
        } catch (IOException e) {
            return out.failure() == null ? ExitCode.DONE.code() : ExitCode.REFUSED.code();
        }
    }
}

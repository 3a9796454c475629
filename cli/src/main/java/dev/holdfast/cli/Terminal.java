package dev.holdfast.cli;

import java.io.Console;

/**
 * Whether a person watches standard error, and how wide their window is.
 *
 * @param present whether it is a terminal
 * @param columns its width
 */
record Terminal(boolean present, int columns) {
    private static final int USUAL_COLUMNS = 80;
    /** Set by the {@code holdfast} script where standard error is a terminal: the JDK cannot ask for that. */
    private static final String COLUMNS = "holdfast.columns";

    static Terminal ofThisProcess() {
        Integer columns = Integer.getInteger(COLUMNS);
        if (columns != null) {
            return new Terminal(true, columns > 0 ? columns : USUAL_COLUMNS);
        }
        return new Terminal(consoleIsTerminal(), USUAL_COLUMNS);
    }

    @SuppressWarnings("SystemConsoleNull") // asked only where it tells something
    private static boolean consoleIsTerminal() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            // Since 22 there is a console even where nothing is a terminal; the method is younger than our baseline.
            return Console.class.getMethod("isTerminal").invoke(console) instanceof Boolean terminal && terminal;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}

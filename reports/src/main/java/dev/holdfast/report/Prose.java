package dev.holdfast.report;

import java.io.PrintWriter;

/** Sentences with names from a dump in them, for a terminal. Stateless. */
final class Prose {
    private static final int WIDTH = 100;

    /** A name in a sentence is not longer; JSON has it whole. */
    private static final int WIDEST_WORD = 90;

    private Prose() {}

    /** Long names are shortened word by word, so that a sentence stays one. */
    static String shown(String sentence) {
        StringBuilder shown = new StringBuilder();
        for (String word : sentence.split(" ", -1)) {
            shown.append(shown.length() == 0 ? "" : " ").append(Quantities.shortened(word, WIDEST_WORD));
        }
        return shown.toString();
    }

    /** Breaks lines between words; what follows the first is indented by as much as the beginning is long, or by two more. */
    static void print(PrintWriter out, String begin, String sentence) {
        StringBuilder line = new StringBuilder(begin);
        boolean empty = true;
        String indent = " ".repeat(begin.isBlank() && !begin.isEmpty() ? begin.length() + 2 : begin.length());
        for (String word : shown(TextTable.printable(sentence)).split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        out.println(line);
    }
}

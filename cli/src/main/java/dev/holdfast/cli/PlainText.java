package dev.holdfast.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Text for a terminal: names in a dump may hold anything, and a terminal obeys what looks like a command, be it an escape
 * sequence that renames the window or a character that turns the line around. Such characters become {@code ?}; in JSON, where C0 is
 * escaped already, they are escaped. Not thread-safe.
 */
final class PlainText extends FilterWriter {
    private static final boolean LINES_END_WITH_RETURN = System.lineSeparator().indexOf('\r') >= 0;

    private final boolean json;

    PlainText(Writer out, boolean json) {
        super(out);
        this.json = json;
    }

    /** The text on one line, without what a terminal would obey. */
    static String line(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(c == '\n' || harmful(c) ? '?' : c);
        }
        return clean.toString();
    }

    /** Control characters but tabs and the ends of lines, and those that change the direction of text (Unicode UAX 9). */
    private static boolean harmful(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t' && !(c == '\r' && LINES_END_WITH_RETURN)
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    @Override
    public void write(int c) throws IOException {
        if (!harmful(c)) {
            out.write(c);
        } else if (json) {
            out.write(String.format("\\u%04x", c));
        } else {
            out.write('?');
        }
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (harmful(text[i])) {
                out.write(text, from, i - from);
                write(text[i]);
                from = i + 1;
            }
        }
        out.write(text, from, offset + length - from);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        write(text.toCharArray(), offset, length);
    }
}

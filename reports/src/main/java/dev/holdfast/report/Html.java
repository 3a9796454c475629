package dev.holdfast.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes HTML: every text and every attribute is escaped here, so that no caller can forget it. Elements are closed in the
 * order in which they were opened. Used by one thread; memory: the text.
 */
final class Html {
    /** Elements that have no content and no end tag. */
    private static final List<String> VOID = List.of("br", "hr", "img", "input", "meta", "link", "wbr");

    /** A name on the page has at most so many characters; and so many where the pointer rests on it. */
    private static final int MOST_SHOWN = 110;

    private static final int MOST_IN_TITLE = 300;

    private final StringBuilder out = new StringBuilder();

    /** By how many bytes what is written is longer than its characters, in UTF-8. */
    private int wide;

    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param attributes names and values in turn; both the caller's own names and any text as values
     */
    Html open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        if (!VOID.contains(tag)) {
            open.push(tag);
        }
        return this;
    }

    /** Closes the element opened last. */
    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** A text, escaped. */
    Html text(String text) {
        escape(text);
        return this;
    }

    /** An element with a text and nothing else. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element with a name from the dump: shortened, the beginning of a long one as its title. */
    Html named(String tag, String name) {
        String whole = visible(name);
        String shown = Quantities.shortened(whole, MOST_SHOWN);
        if (shown.equals(whole)) {
            return element(tag, shown, "class", "name");
        }
        return element(tag, shown, "class", "name", "title", Quantities.shortened(whole, MOST_IN_TITLE));
    }

    /**
     * Data for the page's script, as a block that no browser runs. Nothing in it can end the block, for {@code <} is
     * written as an escape of JSON.
     */
    Html data(String id, String json) {
        open("script", "type", "application/json", "id", id);
        String harmless = json.replace("<", "\\u003c");
        out.append(harmless);
        wide += harmless.getBytes(StandardCharsets.UTF_8).length - harmless.length();
        return close().line();
    }

    /** A line end, for those who read the source. */
    Html line() {
        out.append('\n');
        return this;
    }

    /**
     * Escapes markup and quotes; control characters and those that turn the direction of text show as what they are, for a
     * name must not reorder what stands beside it.
     */
    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n' -> out.append('\n');
                default -> {
                    if (isHidden(text, i)) {
                        out.append(escaped(c));
                    } else {
                        out.append(c);
                        // Of a pair, which takes four bytes, each half counts three: two more than need be.
                        wide += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
                    }
                }
            }
        }
    }

    /** The text with its hidden characters as escapes, for what a script puts on the page. */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHidden(text, i)) {
                shown.append(escaped(c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    private static String escaped(char c) {
        return "\\u" + HexFormat.of().toHexDigits(c);
    }

    /** Control characters but tabs and line ends, what has no width or changes the direction of text (UAX 9), halves of pairs. */
    private static boolean isHidden(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x7f) {
            return c < ' ' && c != '\t' && c != '\n';
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
        }
        int kind = Character.getType(c);
        return kind == Character.CONTROL
                || kind == Character.FORMAT
                || kind == Character.LINE_SEPARATOR
                || kind == Character.PARAGRAPH_SEPARATOR
                || c >= 0xfff0 && kind == Character.UNASSIGNED;
    }

    /** The bytes that were written so far, or a few more. */
    long size() {
        return (long) out.length() + wide;
    }

    /** What was written; all elements must be closed. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}

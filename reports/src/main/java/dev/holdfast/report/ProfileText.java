package dev.holdfast.report;

/** Makes any text fit for a profile: valid UTF-8 once encoded, on one line. */
final class ProfileText {
    private static final char REPLACEMENT = '\uFFFD';

    private ProfileText() {}

    /**
     * The text with lone surrogates as U+FFFD and control characters as spaces.
     *
     * <p>Names come from files that may hold anything; strict protobuf readers refuse a profile with one bad string,
     * and a line feed in a name would split a line of {@code -raw} and {@code -top}.
     */
    static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                return rewrite(text);
            }
        }
        return text;
    }

    private static String rewrite(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                clean.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                clean.append(REPLACEMENT);
            } else {
                clean.append(Character.isISOControl(c) ? ' ' : c);
            }
        }
        return clean.toString();
    }
}

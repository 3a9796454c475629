package dev.holdfast.dump.gostack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A goroutine as the program itself printed it.
 *
 * @param id its number
 * @param state its state or why it waits
 * @param calls {@code function@file:line}, leaf first, without those of the runtime that are not printed
 * @param creator {@code function@file:line}, or empty
 * @param cut whether the runtime left out calls: in the middle, or up to Go 1.20 all after the first hundred
 */
record RecordedTrace(long id, String state, List<String> calls, String creator, boolean cut) {
    private static final Pattern HEAD = Pattern.compile("goroutine (\\d+) \\[([^\\]]*)\\](?: \\{.*\\})?:");
    private static final Pattern PLACE = Pattern.compile("\\t(\\S+:\\d+).*");

    /** Everything that a {@code runtime.Stack} of all goroutines says. */
    static List<RecordedTrace> parse(String text) {
        List<RecordedTrace> all = new ArrayList<>();
        for (String block : text.split("\n\n")) {
            String[] lines = block.strip().split("\n");
            Matcher head = HEAD.matcher(lines[0]);
            if (!head.matches()) {
                throw new IllegalArgumentException(lines[0]);
            }
            List<String> calls = new ArrayList<>();
            String creator = "";
            for (int i = 1; i + 1 < lines.length; i++) {
                Matcher place = PLACE.matcher(lines[i + 1]);
                if (!place.matches()) {
                    continue;
                }
                if (lines[i].startsWith("created by ")) {
                    creator = lines[i].substring(11).replaceAll(" in goroutine \\d+$", "") + "@" + place.group(1);
                    continue;
                }
                // The arguments are the last pair of parentheses; they may hold braces, but no more parentheses.
                String function = lines[i].substring(0, lines[i].lastIndexOf('('));
                if (printed(function)) {
                    calls.add(function + "@" + place.group(1));
                }
            }
            all.add(new RecordedTrace(
                    Long.parseLong(head.group(1)),
                    head.group(2).replaceAll(", (\\d+ minutes|locked to thread)", ""),
                    calls,
                    creator,
                    block.contains("frames elided...") || calls.size() > 90));
        }
        return all;
    }

    /** Whether the runtime prints the function, {@code panic} aside, which has another name there. */
    static boolean printed(String function) {
        return function.contains(".")
                && (!function.startsWith("runtime.") || Character.isUpperCase(function.charAt(8)));
    }
}

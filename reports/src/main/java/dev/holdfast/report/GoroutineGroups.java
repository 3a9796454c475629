package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.roots.ThreadRetention;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Goroutines as a terminal can show them: those of one function, state and call stack together, the largest first. */
final class GoroutineGroups {
    private static final int GROUPS_SHOWN = 40;
    private static final int FRAMES_SHOWN = 12;
    private static final int LABELS_SHOWN = 4;
    private static final int LABEL_LONGEST = 60;
    private static final int LABELS_WIDEST = 72;
    private static final int CHAINS_SHOWN = 3;
    private static final int ALL_CHAINS = 20;
    private static final int GHOSTS_SHOWN = 8;
    private static final int WIDEST = 100;
    private static final int NAME_AT_LEAST = 24;

    /** Two columns of numbers before a function. */
    private static final int INDENT = 26;

    private final List<AlikeThreads> groups;
    private final int goroutines;

    private GoroutineGroups(List<AlikeThreads> groups, int goroutines) {
        this.groups = groups;
        this.goroutines = goroutines;
    }

    static GoroutineGroups of(List<ThreadRetention> threads) {
        Map<AlikeThreads.Key, AlikeThreads> groups = new LinkedHashMap<>();
        for (ThreadRetention retention : threads) {
            groups.computeIfAbsent(AlikeThreads.Key.of(retention.thread()), AlikeThreads::new)
                    .add(retention);
        }
        List<AlikeThreads> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparing((AlikeThreads group) -> group.key().system())
                .thenComparing(Comparator.comparingLong(AlikeThreads::retained).reversed())
                .thenComparing(Comparator.comparingInt(AlikeThreads::count).reversed())
                .thenComparing(group -> group.key().name()));
        return new GoroutineGroups(sorted, threads.size());
    }

    /** Those of the program first, each by what they retain. */
    List<AlikeThreads> groups() {
        return groups;
    }

    /**
     * Prints the groups; all of them with all frames, or what fits a few screens.
     *
     * @param ghosts tells what is left in their free stacks, or null if that is not asked for
     */
    void print(PrintWriter out, boolean all, @Nullable DumpFile ghosts) {
        int shown = all ? groups.size() : Math.min(groups.size(), GROUPS_SHOWN);
        for (AlikeThreads group : groups.subList(0, shown)) {
            printHead(out, group);
            printFrames(out, group, all);
            if (ghosts != null) {
                printGhosts(out, GhostChains.of(ghosts, group.threads()), group.count(), all);
            }
            out.println();
        }
        if (shown < groups.size()) {
            out.printf(
                    Locale.ROOT,
                    "... and %,d more groups with %,d goroutines (--frames shows them)%n",
                    groups.size() - shown,
                    groups.subList(shown, groups.size()).stream()
                            .mapToInt(AlikeThreads::count)
                            .sum());
        }
        out.printf(Locale.ROOT, "%,d goroutines in %,d groups of one stack%n", goroutines, groups.size());
        out.println(
                "at a frame, of all goroutines of the group: its stack memory, and what its variables alone retain");
        if (ghosts != null) {
            out.println("in free stack: calls that are over, with their distance below the stack pointer");
            out.println("  called by a live frame: of this goroutine, unless one like it had the stack before");
            out.println("  otherwise: of this goroutine, or of any that had the memory before");
        }
    }

    private static void printHead(PrintWriter out, AlikeThreads group) {
        AlikeThreads.Key key = group.key();
        boolean one = group.count() == 1;
        String number = one ? "#" + group.id() : Quantities.count(group.count()) + " goroutines";
        String rest = (key.system() ? ", system" : "")
                + (key.state().isEmpty() ? "" : ", " + key.state())
                + (key.waitReason() == null ? "" : " (" + TextTable.printable(key.waitReason()) + ")")
                + waited(group)
                + (one ? "; retains " : "; retain ")
                + Quantities.bytes(group.retained());
        int room = Math.max(NAME_AT_LEAST, WIDEST - number.length() - 1 - rest.length());
        out.println(number + " " + Quantities.shortened(TextTable.printable(key.name()), room) + rest);
        out.printf(
                Locale.ROOT,
                "  stack%s %s%s%n",
                one ? "" : "s",
                Quantities.bytes(group.stackBytes()),
                group.stacksKnown()
                        ? ": " + Quantities.bytes(group.stackUsed()) + " used, " + Quantities.bytes(group.stackFree())
                                + " free"
                        : "");
        Map<String, Integer> creators = group.creators();
        if (creators.size() > 1 || !creators.containsKey("")) {
            out.println("  created by " + counted(creators, group.count()));
        }
        if (!group.labels().isEmpty()) {
            out.println("  labels " + counted(group.labels(), group.count()));
        }
    }

    private static void printFrames(PrintWriter out, AlikeThreads group, boolean all) {
        List<StackFrame> frames = group.frames();
        if (!frames.isEmpty()) {
            out.printf(Locale.ROOT, "  %10s  %10s%n", "stack", "retained");
        }
        int shown = 0;
        int hidden = 0;
        long hiddenStack = 0;
        for (int i = 0; i < frames.size(); i++) {
            StackFrame frame = frames.get(i);
            long retained = group.frameRetained(i);
            long stack = group.frameStack(i);
            if (all || retained > 0 || shown < FRAMES_SHOWN && !frame.wrapper()) {
                out.printf(
                        Locale.ROOT,
                        "  %10s  %10s  %s%n",
                        frame.inlined() || stack < 0 ? "" : Quantities.bytes(stack),
                        retained > 0 ? Quantities.bytes(retained) : "",
                        place(frame, WIDEST - INDENT));
                shown++;
            } else {
                hidden++;
                hiddenStack += Math.max(0, stack);
            }
        }
        if (hidden > 0) {
            // So that the column adds up to what is used.
            out.printf(
                    Locale.ROOT,
                    "  %10s  %10s  %,d more (--frames shows %s)%n",
                    hiddenStack > 0 ? Quantities.bytes(hiddenStack) : "",
                    "",
                    hidden,
                    hidden == 1 ? "it" : "them");
        }
    }

    private static void printGhosts(PrintWriter out, GhostChains ghosts, int goroutines, boolean all) {
        if (ghosts.isEmpty() && ghosts.unread() == 0) {
            return;
        }
        out.println("  left in free stack (evidence only, not in the sums):");
        List<GhostChains.Chain> shown = ghosts.first(all ? ALL_CHAINS : CHAINS_SHOWN);
        for (GhostChains.Chain chain : shown) {
            String times = goroutines == 1
                    ? ""
                    : String.format(Locale.ROOT, "in %,d of %,d, ", chain.goroutines(), goroutines);
            int room = WIDEST - INDENT - times.length() - "called by , which is live".length();
            String caller = Quantities.shortened(TextTable.printable(chain.caller()), room);
            out.printf(
                    Locale.ROOT,
                    "  %10s  %10s  %s%s%n",
                    "below",
                    "",
                    times,
                    switch (chain.end()) {
                        case LIVE -> "called by " + caller + ", which is live";
                        case OVERWRITTEN -> "caller overwritten since";
                        case BROKEN -> "caller unknown";
                    });
            List<GhostChains.Row> rows = chain.rows();
            int most = all ? rows.size() : Math.min(rows.size(), GHOSTS_SHOWN);
            for (GhostChains.Row row : rows.subList(0, most)) {
                String repeated = row.times() == 1 ? "" : Quantities.count(row.times()) + " times ";
                out.printf(
                        Locale.ROOT,
                        "  %10s  %10s  %s%s%n",
                        Quantities.bytes(row.bytesBelow()),
                        "",
                        repeated,
                        place(row.call(), WIDEST - INDENT - repeated.length()));
            }
            if (most < rows.size()) {
                out.printf(Locale.ROOT, "%26s%,d more (--frames shows them)%n", "", rows.size() - most);
            }
        }
        Map<String, Integer> others = ghosts.others(shown);
        if (!others.isEmpty()) {
            out.println("    also " + counted(others, goroutines));
        }
        if (ghosts.unread() > 0) {
            out.println("    " + Quantities.bytes(ghosts.unread()) + " not looked at");
        }
    }

    /** A function with its place in at most so many characters, if the function's name leaves room; paths lose their start. */
    static String place(StackFrame frame, int most) {
        String function = Quantities.shortened(TextTable.printable(frame.function()), most * 2 / 3);
        String place = ThreadsReport.place(frame);
        String inlined = frame.inlined() ? " (inlined)" : "";
        int room = most - function.length() - inlined.length() - 3;
        String shown = place.length() <= room ? place : "…" + place.substring(place.length() - room + 1);
        return function + inlined + " (" + shown + ")";
    }

    private static String waited(AlikeThreads group) {
        long seconds = group.longestWait() / 1_000_000_000L;
        if (seconds <= 0) {
            return "";
        }
        String time = seconds < 60 ? seconds + " s" : Quantities.count(seconds / 60) + " min";
        return group.count() == 1 ? " for " + time : " for at most " + time;
    }

    /** Those of them that fit a line, each with its number where not all have it. */
    private static String counted(Map<String, Integer> texts, int all) {
        StringJoiner line = new StringJoiner(", ");
        int left = texts.size();
        for (Map.Entry<String, Integer> each : texts.entrySet()) {
            String times = each.getValue() == all ? "" : " (" + Quantities.count(each.getValue()) + ")";
            String shown = each.getKey().isEmpty() ? "(unknown)" : TextTable.printable(each.getKey());
            String text = Quantities.shortened(shown, LABEL_LONGEST) + times;
            boolean first = left == texts.size();
            if (!first && (left == texts.size() - LABELS_SHOWN || line.length() + text.length() > LABELS_WIDEST)) {
                line.add("and " + left + " more");
                break;
            }
            line.add(text);
            left--;
        }
        return line.toString();
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.LeakedGroups.Group;
import dev.holdfast.report.LeakedGroups.Waiter;
import dev.holdfast.roots.LeakedGoroutines;
import dev.holdfast.roots.LeakedGoroutines.Kept;
import dev.holdfast.roots.LeakedGoroutines.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Goroutines that nothing can wake any more, those of one stack together, with what they keep alive. */
final class LeakedSection implements ReportSection {
    private static final int GROUPS_SHOWN = 40;
    private static final int RINGS_SHOWN = 20;
    private static final int FRAMES_SHOWN = 24;
    private static final int NUMBERS_LISTED = 100;
    private static final int LONGEST_NAME = 120;

    /** What was lost with these may have led to what a goroutine waits for. */
    private static final Set<String> HOLES = Set.of(
            "object-unreadable",
            "variable-unreadable",
            "special-unreadable",
            "go-goroutines",
            "go-stacks",
            "runtime-lists");

    private final LeakedGroups groups;
    private final LeakedGoroutines leaked;
    private final boolean holes;

    private LeakedSection(LeakedGroups groups, boolean holes) {
        this.groups = groups;
        this.leaked = groups.leaked();
        this.holes = holes;
    }

    /** Judges the goroutines of a heap. */
    static LeakedSection of(HeapSnapshot heap, Progress progress) {
        return new LeakedSection(
                LeakedGroups.of(heap, progress),
                heap.dump().warnings().stream()
                        .filter(DumpWarning::loss)
                        .anyMatch(warning -> HOLES.contains(warning.code())));
    }

    @Override
    public String name() {
        return "leaked_goroutines";
    }

    @Override
    public String heading() {
        return "Goroutines that nothing can wake";
    }

    // ---- JSON.

    @Override
    public void json(Json json) throws IOException {
        if (!leaked.judged()) {
            json.nullField(name());
            return;
        }
        json.object(name(), all -> {
            Kept kept = groups.kept();
            all.field("leaked", groups.count())
                    .field("unknown", leaked.count(Verdict.UNKNOWN))
                    .field("estimated", holes)
                    .field("kept_objects", kept.objects())
                    .field("kept_bytes", kept.bytes())
                    .field("shared_objects", groups.shared().objects())
                    .field("shared_bytes", groups.shared().bytes())
                    .field("stack_bytes", groups.stackBytes());
            all.array("groups", list -> {
                for (Group group : groups.groups()) {
                    list.element(row -> json(row, group));
                }
            });
            all.field("rings_searched", leaked.ringsSearched());
            all.array("rings", list -> {
                for (List<Waiter> ring : groups.rings()) {
                    list.element(row -> row.array("goroutines", members -> {
                        for (Waiter waiter : ring) {
                            members.element(one -> one.field(
                                            "id", waiter.thread().id())
                                    .field("name", waiter.thread().name())
                                    .field("wait_reason", waiter.thread().waitReason()));
                        }
                    }));
                }
            });
        });
    }

    private static void json(Json row, Group group) throws IOException {
        row.field("name", group.key().name())
                .field("where", group.where())
                .field("wait_reason", group.key().waitReason())
                .field("verdict", group.verdict().name().toLowerCase(Locale.ROOT))
                .field("goroutines", group.threads().size())
                .field("kept_objects", group.kept().objects())
                .field("kept_bytes", group.kept().bytes())
                .field("stack_bytes", group.stackBytes())
                .fieldOrNull("longest_wait_nanos", group.longestWait())
                .array("created_by", list -> {
                    for (Map.Entry<String, Integer> creator : group.creators().entrySet()) {
                        list.element(
                                one -> one.field("function", creator.getKey().isEmpty() ? null : creator.getKey())
                                        .field("goroutines", creator.getValue()));
                    }
                })
                .array("ids", list -> {
                    for (DumpThread thread : first(group.threads(), NUMBERS_LISTED)) {
                        list.element(one -> one.field("id", thread.id()));
                    }
                })
                .array("frames", list -> {
                    for (StackFrame frame : group.key().frames()) {
                        list.element(one -> one.field("function", frame.function())
                                .field("file", frame.file())
                                .fieldOrNull("line", frame.line() > 0 ? frame.line() : -1));
                    }
                });
    }

    private static <T> List<T> first(List<T> list, int most) {
        return list.subList(0, Math.min(most, list.size()));
    }

    // ---- Words.

    /** The whole finding in a sentence. */
    private String sentence() {
        if (!leaked.judged()) {
            return "The dump does not record what goroutines wait for, so it is not known whether any is leaked.";
        }
        int unknown = leaked.count(Verdict.UNKNOWN);
        String rest = unknown == 0
                ? ""
                : " Of " + counted(unknown, "goroutine") + " that may be blocked it is not known on what.";
        if (groups.count() == 0) {
            return "None: what blocked goroutines wait for can be reached from something that may run." + rest;
        }
        Kept kept = groups.kept();
        return (groups.count() == 1
                        ? "1 goroutine waits for what nothing that may run can reach"
                        : Quantities.count(groups.count()) + " goroutines wait for what nothing that may run can reach")
                + ". Without them " + Quantities.bytes(kept.bytes()) + " in " + counted(kept.objects(), "object")
                + " would be free, and " + Quantities.bytes(groups.stackBytes()) + " of stacks."
                + rest;
    }

    private static String counted(long count, String noun) {
        return Quantities.count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String reason(Group group) {
        String reason = group.key().waitReason() == null ? "" : group.key().waitReason();
        return group.verdict() == Verdict.FOREVER && reason.equals("select") ? "select (nil channels only)" : reason;
    }

    private static String creators(Group group) {
        StringJoiner line = new StringJoiner(", ");
        int shown = 0;
        for (Map.Entry<String, Integer> creator : group.creators().entrySet()) {
            if (shown++ == 3) {
                line.add("and " + (group.creators().size() - 3) + " more");
                break;
            }
            line.add(creator.getKey().isEmpty() ? "(unknown)" : Quantities.shortened(creator.getKey(), LONGEST_NAME));
        }
        return line.toString();
    }

    /** A ring in words: of each kind of member how many there are, and what they wait in. */
    private static String ring(List<Waiter> ring) {
        Map<String, Integer> members = new LinkedHashMap<>();
        for (Waiter waiter : ring) {
            String reason = waiter.thread().waitReason();
            String waits = reason == null ? "" : " (" + reason + ")";
            members.merge(Quantities.shortened(waiter.where(), LONGEST_NAME) + waits, 1, Integer::sum);
        }
        StringJoiner line = new StringJoiner(", ");
        members.forEach((text, count) -> line.add(count == 1 ? text : Quantities.count(count) + " × " + text));
        return line.toString();
    }

    private static final String RINGS =
            "Deadlocks: the goroutines of each line wait for one another. No other can reach what they wait for.";

    private static final String HOLES_NOTE =
            "Memory is missing from the dump: what leads to a channel or lock may be in it, so that some of these may be"
                    + " alive.";

    // ---- Page.

    @Override
    public void html(Html html) {
        html.element("p", sentence());
        if (groups.count() == 0) {
            return;
        }
        if (holes) {
            html.element("p", HOLES_NOTE, "class", "note");
        }
        table(html);
        rings(html);
    }

    private void table(Html html) {
        List<Group> shown = first(groups.groups(), GROUPS_SHOWN);
        HtmlTable table = HtmlTable.begin(
                html, heading(), "goroutines#", "wait for", "in", "created by", "would be free#", "stacks#");
        for (Group group : shown) {
            table.count(group.threads().size())
                    .text(Quantities.shortened(reason(group), LONGEST_NAME))
                    .content(cell -> stack(cell, group))
                    .text(creators(group))
                    .bytes(group.kept().bytes())
                    .bytes(group.stackBytes());
        }
        table.end(0, "groups");
        List<String> notes = new ArrayList<>();
        if (shown.size() < groups.groups().size()) {
            List<Group> more =
                    groups.groups().subList(shown.size(), groups.groups().size());
            notes.add(counted(
                            more.stream()
                                    .mapToLong(each -> each.threads().size())
                                    .sum(),
                            "goroutine") + " in "
                    + counted(more.size(), "group") + " more are not shown; they keep "
                    + Quantities.bytes(
                            more.stream().mapToLong(each -> each.kept().bytes()).sum()) + ".");
        }
        if (groups.shared().bytes() > 0) {
            notes.add(Quantities.bytes(groups.shared().bytes())
                    + " are kept by several groups together and would be free without all of them.");
        }
        notes.forEach(note -> html.element("p", note, "class", "note"));
    }

    private static void stack(Html html, Group group) {
        html.open("details", "class", "stack").element("summary", Quantities.shortened(group.where(), LONGEST_NAME));
        html.open("ol", "class", "frames");
        for (StackFrame frame : first(group.key().frames(), FRAMES_SHOWN)) {
            html.element(
                    "li",
                    Quantities.shortened(frame.function(), LONGEST_NAME) + " ("
                            + Quantities.shortened(ThreadsReport.place(frame), LONGEST_NAME) + ")");
        }
        int more = group.key().frames().size() - FRAMES_SHOWN;
        if (more > 0) {
            html.element("li", counted(more, "frame") + " more");
        }
        html.close().close();
    }

    private void rings(Html html) {
        if (!leaked.ringsSearched()) {
            html.element(
                    "p",
                    "Which of them wait for one another was not looked for: they keep too much alive.",
                    "class",
                    "note");
        }
        if (groups.rings().isEmpty()) {
            return;
        }
        html.element("p", RINGS).open("ul");
        for (List<Waiter> ring : first(groups.rings(), RINGS_SHOWN)) {
            html.element("li", ring(ring));
        }
        int more = groups.rings().size() - RINGS_SHOWN;
        if (more > 0) {
            html.element("li", counted(more, "deadlock") + " more");
        }
        html.close().line();
    }

    // ---- Terminal.

    @Override
    public void text(PrintWriter out) {
        if (groups.count() == 0) {
            return;
        }
        Group largest = groups.groups().get(0);
        Prose.print(
                out,
                "Leaked: ",
                counted(groups.count(), "goroutine")
                        + " can never be woken and keep" + (groups.count() == 1 ? "s " : " ")
                        + Quantities.bytes(groups.kept().bytes()) + " alive and "
                        + Quantities.bytes(groups.stackBytes()) + " of stacks; most in " + largest.where() + " ("
                        + reason(largest) + ")");
        for (List<Waiter> ring : first(groups.rings(), 3)) {
            Prose.print(out, "Deadlock: ", ring(ring));
        }
        if (holes) {
            Prose.print(out, "  ", HOLES_NOTE);
        }
        out.println();
    }
}

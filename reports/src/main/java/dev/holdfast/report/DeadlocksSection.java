package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.JavaDeadlocks;
import dev.holdfast.roots.JavaDeadlocks.Ring;
import dev.holdfast.roots.JavaDeadlocks.Wait;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Java threads that wait for one another, and who waits for whose locks. */
final class DeadlocksSection implements ReportSection {
    private static final int RINGS_SHOWN = 20;
    private static final int MEMBERS_SHOWN = 10;
    private static final int OWNERS_SHOWN = 20;
    private static final int LONGEST_NAME = 100;

    private final List<DumpThread> threads;
    private final JavaDeadlocks found;

    DeadlocksSection(HeapSnapshot heap) {
        threads = heap.dump().threads();
        found = JavaDeadlocks.find(heap);
    }

    @Override
    public String name() {
        return "deadlocks";
    }

    @Override
    public String heading() {
        return "Deadlocks and locks";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(
                name(),
                o -> o.field("blocked_on_monitors", found.blocked())
                        .field("monitor_owner_unknown", found.unresolved())
                        .array("rings", list -> {
                            for (Ring ring : found.rings()) {
                                list.element(row -> row.field("exact", ring.exact())
                                        .field("threads_held_up", ring.heldUp())
                                        .array("waits", waits -> waits(waits, ring.waits())));
                            }
                        })
                        .array("waits", waits -> waits(waits, found.waits())));
    }

    private void waits(Json list, List<Wait> waits) throws IOException {
        for (Wait wait : waits) {
            list.element(row -> row.field("thread", threads.get(wait.thread()).name())
                    .address("object", threads.get(wait.thread()).address())
                    .field("owner", threads.get(wait.owner()).name())
                    .address("owner_object", threads.get(wait.owner()).address())
                    .field("lock", wait.lock())
                    .field("exact", wait.exact()));
        }
    }

    private String thread(int thread) {
        return "“" + Quantities.shortened(threads.get(thread).name(), LONGEST_NAME) + "”";
    }

    /** {@code “a” waits for a ReentrantLock of “b”, which waits for ... “a”}. */
    private String sentence(Ring ring) {
        StringBuilder text = new StringBuilder(thread(ring.waits().get(0).thread()));
        int shown = 0;
        for (Wait wait : ring.waits()) {
            if (shown == MEMBERS_SHOWN && ring.waits().size() > MEMBERS_SHOWN + 1) {
                text.append(", and so on through ")
                        .append(Quantities.count(ring.waits().size() - shown))
                        .append(" more");
                break;
            }
            String lock = wait.lock();
            text.append(shown++ == 0 ? " waits for " : ", which waits for ")
                    .append(lock == null ? "a monitor" : "a " + Quantities.shortened(lock, LONGEST_NAME))
                    .append(wait.exact() ? " of " : " that only ")
                    .append(thread(wait.owner()));
            if (!wait.exact()) {
                text.append(" can have");
            }
        }
        if (ring.heldUp() > 0) {
            text.append("; ")
                    .append(Quantities.count(ring.heldUp()))
                    .append(ring.heldUp() == 1 ? " more thread waits" : " more threads wait")
                    .append(" for these");
        }
        return text.append('.').toString();
    }

    private String summary() {
        String rings;
        if (found.rings().isEmpty()) {
            rings = "No threads wait for one another, as far as the dump tells.";
        } else {
            rings = found.rings().size() == 1
                    ? "Threads wait for one another:"
                    : Quantities.count(found.rings().size()) + " groups of threads wait for one another:";
        }
        return rings;
    }

    /** What the dump does not say. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (found.rings().stream().anyMatch(ring -> !ring.exact())) {
            notes.add(
                    "The dump does not record who owns a monitor. A thread “can have” one if it is the only other whose"
                            + " frames refer to anything that the blocked frame refers to: likely, not certain.");
        }
        if (found.unresolved() > 0) {
            notes.add((found.unresolved() == 1 ? "1 thread is" : Quantities.count(found.unresolved()) + " threads are")
                    + " blocked on a monitor of which nothing tells the owner.");
        }
        return notes;
    }

    @Override
    public void html(Html html) {
        html.element("p", summary());
        if (!found.rings().isEmpty()) {
            html.open("ul");
            for (Ring ring :
                    found.rings().subList(0, Math.min(RINGS_SHOWN, found.rings().size()))) {
                html.element("li", sentence(ring));
            }
            int more = found.rings().size() - RINGS_SHOWN;
            if (more > 0) {
                html.element("li", "and " + Quantities.count(more) + " more");
            }
            html.close().line();
        }
        owners(html);
        notes().forEach(note -> html.element("p", note, "class", "note"));
    }

    /** Who owns what others wait for. */
    private void owners(Html html) {
        Map<String, List<Wait>> byOwner = new TreeMap<>();
        for (Wait wait : found.waits()) {
            byOwner.computeIfAbsent(wait.owner() + " " + wait.lock(), key -> new ArrayList<>())
                    .add(wait);
        }
        if (byOwner.isEmpty()) {
            return;
        }
        List<List<Wait>> rows = byOwner.values().stream()
                .sorted(Comparator.comparingInt((List<Wait> row) -> -row.size())
                        .thenComparingInt(row -> row.get(0).owner()))
                .toList();
        html.open("table", "class", "sortable").open("thead").open("tr");
        html.element("th", "Threads that wait").element("th", "For").element("th", "Of");
        html.close().close().open("tbody").line();
        for (List<Wait> row : rows.subList(0, Math.min(OWNERS_SHOWN, rows.size()))) {
            Wait first = row.get(0);
            String lock = first.lock();
            html.open("tr")
                    .element("td", Quantities.count(row.size()), "class", "n", "data-v", Integer.toString(row.size()))
                    .element("td", lock == null ? "a monitor (likely)" : Quantities.shortened(lock, LONGEST_NAME))
                    .element(
                            "td",
                            Quantities.shortened(threads.get(first.owner()).name(), LONGEST_NAME))
                    .close()
                    .line();
        }
        html.close().close().line();
        int more = rows.size() - OWNERS_SHOWN;
        if (more > 0) {
            html.element("p", "and locks of " + Quantities.count(more) + " more threads", "class", "more");
        }
    }

    @Override
    public void text(PrintWriter out) {
        if (found.rings().isEmpty()) {
            return;
        }
        for (Ring ring : found.rings().subList(0, Math.min(3, found.rings().size()))) {
            Prose.print(out, ring.exact() ? "Deadlock: " : "Likely deadlock: ", sentence(ring));
        }
        int more = found.rings().size() - 3;
        if (more > 0) {
            out.println("  and " + Quantities.count(more) + " more");
        }
        out.println();
    }
}

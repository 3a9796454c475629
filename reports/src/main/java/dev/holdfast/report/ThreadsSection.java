package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ThreadRetention;
import java.io.IOException;
import java.util.List;

/** Threads or goroutines, those that stand alike together, with what they and their frames retain. */
final class ThreadsSection implements ReportSection {
    private static final int GROUPS = 40;
    private static final int GROUPS_OF_DATA = 500;
    private static final int FRAMES = 24;
    private static final int WIDEST = 110;

    private final Language language;
    private final List<AlikeThreads> groups;
    private final int threads;

    ThreadsSection(HeapSnapshot heap) {
        List<ThreadRetention> all = ThreadRetention.of(heap);
        this.language = Language.of(heap.dump().info());
        this.groups = GoroutineGroups.of(all).groups();
        this.threads = all.size();
    }

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public String heading() {
        return language == Language.JAVA ? "Threads" : "Goroutines";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("threads", threads).field("stacks", groups.size());
            o.array("rows", list -> {
                for (AlikeThreads group : groups.subList(0, Math.min(groups.size(), GROUPS_OF_DATA))) {
                    list.element(row -> {
                        row.field("name", group.key().name())
                                .field("threads", group.count())
                                .field("system", group.key().system())
                                .field(
                                        "state",
                                        group.key().state().isEmpty()
                                                ? null
                                                : group.key().state())
                                .field("wait_reason", group.key().waitReason())
                                .field("retained_bytes", group.retained())
                                .fieldOrNull("stack_bytes", group.stacksKnown() ? group.stackBytes() : -1)
                                .fieldOrNull("longest_wait_nanos", group.longestWait());
                        row.array("frames", frames -> {
                            for (int i = 0; i < group.frames().size(); i++) {
                                frame(frames, group, i);
                            }
                        });
                    });
                }
            });
        });
    }

    private static void frame(Json frames, AlikeThreads group, int i) throws IOException {
        StackFrame frame = group.frames().get(i);
        frames.element(f -> f.field("function", frame.function())
                .field("file", frame.file())
                .fieldOrNull("line", frame.line() > 0 ? frame.line() : -1)
                .field("retained_bytes", group.frameRetained(i)));
    }

    @Override
    public void html(Html html) {
        html.element(
                "p",
                Quantities.count(threads) + " " + language.threads() + " in " + Quantities.count(groups.size())
                        + " groups of one stack. Bytes at a frame: what its variables alone retain.",
                "class",
                "note");
        for (AlikeThreads group : groups.subList(0, Math.min(groups.size(), GROUPS))) {
            html.open("details", "class", "stack");
            html.open("summary");
            html.element("span", Quantities.bytes(group.retained()), "class", "n")
                    .text(" ")
                    .element("b", Quantities.shortened(group.key().name(), WIDEST))
                    .text(" " + what(group));
            html.close();
            frames(html, group);
            html.close().line();
        }
        int left = groups.size() - Math.min(groups.size(), GROUPS);
        if (left > 0) {
            html.element("p", "and " + Quantities.count(left) + " more groups", "class", "more");
        }
    }

    private static String what(AlikeThreads group) {
        AlikeThreads.Key key = group.key();
        StringBuilder text = new StringBuilder();
        if (group.count() > 1) {
            text.append("\u00d7 ").append(Quantities.count(group.count())).append(' ');
        }
        if (key.kind() == DumpThread.Kind.VIRTUAL) {
            text.append("virtual ");
        }
        if (key.system()) {
            text.append("system ");
        }
        text.append(key.state());
        if (key.waitReason() != null) {
            text.append(" (").append(key.waitReason()).append(')');
        }
        if (group.stacksKnown()) {
            text.append(", stacks ").append(Quantities.bytes(group.stackBytes()));
        }
        return Quantities.shortened(text.toString(), WIDEST);
    }

    private static void frames(Html html, AlikeThreads group) {
        List<StackFrame> frames = group.frames();
        if (frames.isEmpty()) {
            html.element("p", "no frames in the dump", "class", "note");
            return;
        }
        html.open("ol", "class", "frames");
        int hidden = 0;
        for (int i = 0; i < frames.size(); i++) {
            long retained = group.frameRetained(i);
            if (i >= FRAMES && retained == 0) {
                hidden++;
                continue;
            }
            html.open("li");
            html.element("code", GoroutineGroups.place(frames.get(i), WIDEST));
            if (retained > 0) {
                html.text(" ").element("span", Quantities.bytes(retained), "class", "n");
            }
            html.close();
        }
        html.close();
        if (hidden > 0) {
            html.element("p", "and " + Quantities.count(hidden) + " more frames", "class", "more");
        }
    }
}

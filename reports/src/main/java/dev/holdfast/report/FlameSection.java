package dev.holdfast.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The dominator flame graph: the frames of {@code roots.pb.gz} in fewer samples, drawn by the page's script; without
 * scripts a table of the largest subtrees stands in its place. Memory: the tree, a few thousand frames.
 */
final class FlameSection implements ReportSection {
    /** Narrower than a pixel is what more samples than these would show. */
    private static final int MOST_SAMPLES = 4_000;

    /** Most bytes of the data: a page of all sections stays below 1 MB, and these are a third of it. */
    private static final int MOST_DATA = 350_000;

    /** Rows of the table without scripts. */
    private static final int ROWS = 30;

    /** Of a long path so many frames from the root and so many at its end are shown, each name so long. */
    private static final int PATH_BEGIN = 3;

    private static final int PATH_END = 4;
    private static final int PATH_NAME = 80;

    private final FlameTree tree;
    private final String data;

    private FlameSection(FlameTree tree, String data) {
        this.tree = tree;
        this.data = data;
    }

    /** Of a walk that has counted. */
    static FlameSection of(RetentionWalk walk) {
        int samples = MOST_SAMPLES;
        while (true) {
            FlameTree tree =
                    FlameTree.of(walk.roots(ProfileBuilder.inUse(), ProfileLimits.DEFAULT.withMaxSamples(samples)));
            String data = data(tree);
            int bytes = data.getBytes(StandardCharsets.UTF_8).length;
            if (bytes <= MOST_DATA || samples == 1) {
                return new FlameSection(tree, data);
            }
            samples = (int) Math.max(1, samples * 0.9 * MOST_DATA / bytes);
        }
    }

    FlameTree tree() {
        return tree;
    }

    @Override
    public String name() {
        return "flame_graph";
    }

    @Override
    public String heading() {
        return "Flame graph: who holds what";
    }

    @Override
    public String shortHeading() {
        return "Flame graph";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(
                name(),
                o -> o.field("retained_bytes", tree.bytes(FlameTree.ROOT))
                        .field("objects", tree.objects(FlameTree.ROOT))
                        .array("frames", list -> {
                            for (int frame = 1; frame < tree.size(); frame++) {
                                int at = frame;
                                // Numbers are those of this list, which leaves the root out.
                                list.element(row -> row.field("name", tree.name(at))
                                        .fieldOrNull("parent", tree.parent(at) - 1L)
                                        .field("retained_bytes", tree.bytes(at))
                                        .field("objects", tree.objects(at)));
                            }
                        }));
    }

    /**
     * The tree for the script, small: names once each, then of each frame in preorder its depth, the number of its name,
     * and the bytes and objects that are its own.
     */
    private static String data(FlameTree tree) {
        long[] bytes = new long[tree.size()];
        long[] objects = new long[tree.size()];
        for (int frame = tree.size() - 1; frame >= 0; frame--) {
            bytes[frame] += tree.bytes(frame);
            objects[frame] += tree.objects(frame);
            if (frame > 0) {
                bytes[tree.parent(frame)] -= tree.bytes(frame);
                objects[tree.parent(frame)] -= tree.objects(frame);
            }
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayFieldStart("names");
            for (String name : tree.names()) {
                out.writeString(Html.visible(name));
            }
            out.writeEndArray();
            out.writeArrayFieldStart("frames");
            for (int frame = 0; frame < tree.size(); frame++) {
                out.writeNumber(tree.depth(frame));
                out.writeNumber(tree.nameNumber(frame));
                out.writeNumber(bytes[frame]);
                out.writeNumber(objects[frame]);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public void html(Html html) {
        html.element(
                "p",
                "Each bar is as wide as what would be freed without it; below it stands what it alone holds, from the"
                        + " roots down.",
                "class",
                "note");
        html.open("div", "class", "flame", "id", "flame");
        table(html);
        html.data("flame-data", data).close();
    }

    /** The largest subtrees; of a way down without forks only its end, which names the others. */
    private void table(Html html) {
        long whole = tree.bytes(FlameTree.ROOT);
        html.open("div", "class", "fallback");
        HtmlTable table = HtmlTable.begin(
                html, "The largest subtrees", "retained#", "share#", "objects#", "held by, from the root down");
        for (int frame : largest()) {
            table.bytes(tree.bytes(frame))
                    .share(tree.bytes(frame), whole)
                    .count(tree.objects(frame))
                    .text(path(frame));
        }
        table.end(0, "");
        html.close();
    }

    /** The way from the root to a frame, without its middle if it is long. */
    private String path(int frame) {
        Deque<String> names = new ArrayDeque<>();
        int left = tree.depth(frame);
        for (int at = frame; at != FlameTree.ROOT; at = tree.parent(at)) {
            boolean end = tree.depth(frame) - left < PATH_END || left <= PATH_BEGIN;
            if (end) {
                names.addFirst(Quantities.shortened(tree.name(at), PATH_NAME));
            } else if (left == PATH_BEGIN + 1) {
                names.addFirst("…");
            }
            left--;
        }
        return String.join(" › ", names);
    }

    /** The frames that most is lost at: largest first, a frame's only heavy child instead of the frame. */
    private List<Integer> largest() {
        List<List<Integer>> children = new ArrayList<>();
        for (int i = 0; i < tree.size(); i++) {
            children.add(new ArrayList<>(0));
        }
        for (int frame = 1; frame < tree.size(); frame++) {
            children.get(tree.parent(frame)).add(frame);
        }
        List<Integer> ends = new ArrayList<>();
        Deque<Integer> pending = new ArrayDeque<>(children.get(FlameTree.ROOT));
        while (!pending.isEmpty()) {
            int frame = pending.poll();
            boolean goesOn = false;
            for (int child : children.get(frame)) {
                // Half of a frame in one child: the place to look at is further down.
                goesOn |= tree.bytes(child) >= tree.bytes(frame) / 2
                        && !tree.name(child).equals(FrameNames.OTHER);
                pending.add(child);
            }
            if (!goesOn && !tree.name(frame).equals(FrameNames.OTHER)) {
                ends.add(frame);
            }
        }
        ends.sort(Comparator.<Integer>comparingLong(tree::bytes).reversed().thenComparingInt(frame -> frame));
        return ends.subList(0, Math.min(ROWS, ends.size()));
    }
}

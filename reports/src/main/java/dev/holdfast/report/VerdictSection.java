package dev.holdfast.report;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Amount;
import dev.holdfast.roots.Suspect.Owner;
import dev.holdfast.roots.Suspect.Step;
import dev.holdfast.roots.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What ate the memory, in a few sentences: the first thing on the page, and all that a terminal shows. */
final class VerdictSection implements ReportSection {
    private final Verdict verdict;
    private final VerdictText text;
    private final HeapSnapshot heap;

    /** Of a heap whose slices nobody looked at. */
    VerdictSection(HeapSnapshot heap, Verdict verdict) {
        this(heap, verdict, object -> null);
    }

    /**
     * A verdict.
     *
     * @param unused of an array what no slice shows, as far as it is known
     */
    VerdictSection(HeapSnapshot heap, Verdict verdict, IntFunction<WastedHeap.@Nullable Unused> unused) {
        this.heap = heap;
        this.verdict = verdict;
        this.text = new VerdictText(heap, verdict, unused);
    }

    @Override
    public String name() {
        return "verdict";
    }

    @Override
    public String heading() {
        return "What ate the memory";
    }

    @Override
    public void html(Html html) {
        html.element("p", Prose.shown(text.summary()), "class", "summary");
        if (!verdict.suspects().isEmpty()) {
            html.open("ol", "class", "suspects");
            for (Suspect suspect : verdict.suspects()) {
                boolean harmless = suspect.judgement() != Suspect.Judgement.SUSPECT;
                html.open("li", "class", harmless ? "harmless" : "suspected")
                        .element("p", Prose.shown(text.headline(suspect)), "class", "headline")
                        .open("ul");
                text.lines(suspect).forEach(line -> html.element("li", Prose.shown(line)));
                html.close().close().line();
            }
            html.close();
        } else if (!verdict.largest().isEmpty()) {
            html.element("p", "The largest, for what they are worth:").open("ul");
            text.largest().forEach(line -> html.element("li", Prose.shown(line)));
            html.close();
        }
    }

    @Override
    public void text(PrintWriter out) {
        sentences(out);
        if (verdict.suspects().isEmpty() && !verdict.largest().isEmpty()) {
            out.println("The largest, for what they are worth:");
            text.largest().forEach(line -> Prose.print(out, "   ", line));
        }
        out.println();
    }

    /** The summary and the suspects. */
    void sentences(PrintWriter out) {
        Prose.print(out, "", text.summary());
        int number = 1;
        for (Suspect suspect : verdict.suspects()) {
            out.println();
            Prose.print(out, number++ + ". ", text.headline(suspect));
            text.lines(suspect).forEach(line -> Prose.print(out, "   ", line));
        }
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("reason", verdict.reason().name().toLowerCase(Locale.ROOT)).field("text", text.summary());
            suspects(o, "suspects", verdict.suspects());
            suspects(o, "largest", verdict.largest());
        });
    }

    private void suspects(Json json, String field, List<Suspect> suspects) throws IOException {
        json.array(field, list -> {
            for (Suspect suspect : suspects) {
                list.element(o -> suspect(o, suspect));
            }
        });
    }

    private void suspect(Json json, Suspect suspect) throws IOException {
        json.field("judgement", suspect.judgement().name().toLowerCase(Locale.ROOT))
                .field("text", text.headline(suspect))
                .field("retained_bytes", suspect.retainedBytes())
                .field("share", suspect.share())
                .field("droppable_bytes", suspect.droppableBytes());
        owner(json, suspect.owner());
        json.array("path", list -> steps(list, suspect.path()));
        Suspect.Point point = suspect.point();
        if (point == null) {
            json.nullField("accumulation_point");
        } else {
            json.object("accumulation_point", o -> {
                if (point.node() < 0) {
                    o.nullField("object");
                } else {
                    o.address("object", heap.graph().addressOf(point.node()));
                }
                o.field("type", point.name())
                        .field("objects", point.objects())
                        .field("retained_bytes", point.retainedBytes())
                        .fieldOrNull("element_count", point.elements());
            });
        }
        Amount elements = suspect.elements();
        if (elements == null) {
            json.nullField("accumulates");
        } else {
            json.object("accumulates", o -> amount(o, elements));
        }
        json.array("types", list -> {
            for (Amount type : suspect.types()) {
                list.element(o -> amount(o, type));
            }
        });
        json.array("parts", list -> steps(list, suspect.parts()));
        json.array("reached_from", list -> {
            for (Suspect.Reached reached : suspect.reachedFrom()) {
                RootKind kind = reached.kind();
                list.element(o -> o.field("kind", kind == null ? null : kind.label())
                        .field("name", reached.name())
                        .field("share_of_sample", reached.share()));
            }
        });
    }

    private static void owner(Json json, Owner owner) throws IOException {
        json.object(
                "holder",
                o -> o.field("kind", owner.kind() == null ? null : owner.kind().label())
                        .field("name", owner.name())
                        .field("count", owner.count())
                        .field("function", owner.function())
                        .field("creator", owner.creator())
                        .field("wait_reason", owner.waiting())
                        .fieldOrNull("stack_bytes", owner.stackBytes())
                        .field("static_class", owner.staticClass())
                        .field("static_field", owner.staticField())
                        .field("class_loader", owner.loader())
                        .field("thread_local", owner.threadLocal()));
    }

    private static void amount(Json json, Amount amount) throws IOException {
        json.field("type", amount.name())
                .field("objects", amount.objects())
                .field("shallow_bytes", amount.shallowBytes())
                .fieldOrNull("retained_bytes", amount.retainedBytes());
    }

    private static void steps(Json json, List<Step> steps) throws IOException {
        for (Step step : steps) {
            json.element(o -> o.field("via", step.via())
                    .field("name", step.name())
                    .field("objects", step.objects())
                    .field("retained_bytes", step.retainedBytes()));
        }
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the memory went: one bar of everything that the dump knows, and why the process is larger than its profile. */
final class AccountingSection implements ReportSection {
    /** Width of the bar in the units of its picture. */
    private static final int WIDTH = 1000;

    private static final int HEIGHT = 32;

    /** A goal of this size or more is none: the runtime's way to say that no collection is due. */
    private static final long NO_LIMIT = 1L << 48;

    private final Language language;
    private final MemoryAccount account;
    private final LayoutInfo layout;
    private final Optional<NativeMemory> nativeMemory;
    private final long reachable;
    private final long released;

    /** Of Go; -1 where there is none. */
    private final long limit;

    private final long goal;

    /** Part of the live objects, 0 if none is ballast. */
    private final long ballast;

    private AccountingSection(HeapSnapshot heap, MemoryAccount account, Verdict verdict) {
        this.language = Language.of(heap.dump().info());
        this.account = account;
        this.layout = heap.dump().layoutInfo();
        this.nativeMemory = language == Language.JAVA ? NativeMemory.of(heap) : Optional.empty();
        this.reachable = heap.totals().reachableBytes();
        Map<String, String> facts = language == Language.GO ? heap.dump().runtimeFacts() : Map.of();
        this.limit = figure(facts.get("/gc/gomemlimit:bytes"));
        this.goal = figure(facts.get("/gc/heap/goal:bytes"));
        this.ballast = verdict.suspects().stream()
                .filter(suspect -> suspect.judgement() == Suspect.Judgement.BALLAST)
                .mapToLong(Suspect::retainedBytes)
                .sum();
        this.released = account.parts().stream()
                .filter(part -> part.kind() == MemoryPart.Kind.RETURNED)
                .mapToLong(MemoryPart::bytes)
                .sum();
    }

    /**
     * The section about a heap.
     *
     * @param verdict knows what of it is ballast
     */
    static AccountingSection of(HeapSnapshot heap, MemoryAccount account, Verdict verdict) {
        return new AccountingSection(heap, account, verdict);
    }

    private static long figure(@Nullable String text) {
        try {
            long value = text == null ? -1 : Long.parseUnsignedLong(text);
            return value > 0 && value < NO_LIMIT ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public String name() {
        return "accounting";
    }

    @Override
    public String heading() {
        return "Where did the memory go";
    }

    @Override
    public void json(Json json) throws IOException {
        json.object(name(), o -> {
            o.field("whole", account.wholeIs()).field("whole_bytes", account.whole());
            o.array("parts", list -> {
                for (MemoryPart part : account.parts()) {
                    list.element(row -> row.field("name", part.name())
                            .field("label", part.label())
                            .field("kind", part.kind().label())
                            .field("bytes", part.bytes())
                            .fieldOrNull("objects", part.objects()));
                }
            });
            o.object(
                    "identity",
                    i -> i.field("name", account.identity())
                            .field("expected", account.whole())
                            .field("actual", account.sum())
                            .field("holds", account.holds()));
            if (nativeMemory.isPresent()) {
                NativeMemory known = nativeMemory.get();
                o.object(
                        "native",
                        n -> n.field("direct_buffers", known.directBuffers())
                                .field("direct_bytes", known.directBytes())
                                .fieldOrNull("reserved_bytes", known.reservedBytes())
                                .field("mapped_files", known.mappedFiles())
                                .field("mapped_bytes", known.mappedBytes()));
            } else {
                o.nullField("native");
            }
            o.fieldOrNull("ballast_bytes", ballast == 0 ? -1 : ballast)
                    .fieldOrNull("memory_limit_bytes", limit)
                    .fieldOrNull("next_collection_bytes", goal);
        });
    }

    /** Why the profile and the process differ in size, a sentence each. */
    private List<String> differences() {
        List<String> lines = new ArrayList<>();
        lines.add("The profile of what is in use shows " + Quantities.bytes(reachable)
                + ": objects that the program can still reach.");
        if (language == Language.GO) {
            goDifferences(lines);
        } else {
            javaDifferences(lines);
        }
        return lines;
    }

    private void goDifferences(List<String> lines) {
        if (!account.parts().stream().allMatch(part -> part.objects() >= 0)) {
            lines.add("The Go runtime has " + Quantities.bytes(account.whole()) + " from the system"
                    + (released > 0
                            ? ", of which it gave " + Quantities.bytes(released) + " back: about "
                                    + Quantities.bytes(account.whole() - released) + " are left to be resident."
                            : "."));
            lines.add("The rest is in the table: garbage that is not collected yet, free slots and idle pages, stacks,"
                    + " and the runtime's own tables.");
        }
        if (ballast > 0) {
            lines.add(
                    Quantities.bytes(ballast) + " of the live objects are ballast that nobody wrote to: in the profile,"
                            + " but hardly in the process, for the system gives memory only to pages that are written.");
        }
        lines.add(
                limit < 0
                        ? "No memory limit is set (GOMEMLIMIT)."
                        : String.format(
                                Locale.ROOT,
                                "The memory limit (GOMEMLIMIT) is %s; %s of it is used.",
                                Quantities.bytes(limit),
                                Quantities.share(account.whole() - released, limit)));
        if (goal >= 0) {
            lines.add("The next collection starts when the heap has grown to " + Quantities.bytes(goal)
                    + ": garbage up to there is normal.");
        }
        lines.add(
                "Memory of C code, of mapped files and of the executable itself is not the runtime's and not counted here.");
    }

    private void javaDifferences(List<String> lines) {
        if (layout.notInDumpBytes() > 0) {
            lines.add("About " + Quantities.bytes(layout.notInDumpBytes()) + " in "
                    + Quantities.count(layout.notInDumpObjects())
                    + " objects are on the heap, but the JVM leaves them out of its dumps (class mirrors).");
        }
        if (nativeMemory.isEmpty()) {
            lines.add("Direct buffers are read from the dump itself, which is not at hand here: name the dump, too.");
        }
        nativeMemory.ifPresent(known -> {
            lines.add(
                    known.directBuffers() == 0
                            ? "No direct buffer was in use."
                            : Quantities.count(known.directBuffers()) + " direct buffers take "
                                    + Quantities.bytes(known.directBytes()) + " outside the heap"
                                    + (known.reservedBytes() < 0
                                            ? "."
                                            : "; the JVM counts " + Quantities.bytes(known.reservedBytes())
                                                    + " as reserved for such."));
            if (known.mappedFiles() > 0) {
                lines.add(Quantities.count(known.mappedFiles()) + " mappings of files are "
                        + Quantities.bytes(known.mappedBytes())
                        + " long; the system can take their pages back at any time.");
            }
        });
        lines.add(
                "A heap dump tells nothing of free heap, thread stacks, classes' metadata, compiled code, the collector's"
                        + " tables and memory of native libraries: for these see jcmd PID VM.native_memory.");
    }

    @Override
    public void html(Html html) {
        bar(html);
        html.open("p", "class", account.holds() ? "identity" : "identity broken")
                .text((account.holds() ? "Adds up: " : "DOES NOT ADD UP: ") + account.identity() + " = "
                        + Quantities.count(account.whole()) + " bytes"
                        + (account.holds() ? "" : ", not " + Quantities.count(account.sum())))
                .close()
                .line();
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Parts of the memory");
        html.open("table", "class", "parts").open("thead").open("tr");
        for (String heading : List.of("", "part", "what it is")) {
            html.element("th", heading, "scope", "col");
        }
        for (String heading : List.of("bytes", "share", "objects")) {
            html.element("th", heading, "scope", "col", "class", "n");
        }
        html.close().close().open("tbody").line();
        for (MemoryPart part : account.parts()) {
            html.open("tr")
                    .open("td")
                    .element("span", "", "class", "chip " + part.kind().label())
                    .close()
                    .element("td", part.label())
                    .element("td", part.explanation(), "class", "why")
                    .element("td", Quantities.bytes(part.bytes()), "class", "n")
                    .element("td", Quantities.share(part.bytes(), account.whole()), "class", "n")
                    .element("td", part.objects() < 0 ? "" : Quantities.count(part.objects()), "class", "n")
                    .close()
                    .line();
        }
        html.close().close().close();
        html.element("h3", "Why the profile and the process size differ");
        html.open("ul");
        for (String line : differences()) {
            html.element("li", line);
        }
        html.close().line();
    }

    /** A picture without a style attribute, so that the page can forbid those. */
    private void bar(Html html) {
        long sum = account.sum();
        StringBuilder words = new StringBuilder();
        for (MemoryPart part : account.parts()) {
            words.append(words.isEmpty() ? "" : ", ")
                    .append(part.label())
                    .append(' ')
                    .append(Quantities.bytes(part.bytes()));
        }
        html.open(
                "svg",
                "class",
                "bar",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                words.toString());
        double at = 0;
        for (MemoryPart part : account.parts()) {
            double width = sum <= 0 ? 0 : (double) WIDTH * Math.max(0, part.bytes()) / sum;
            html.open(
                            "rect",
                            "class",
                            part.kind().label(),
                            "x",
                            number(at),
                            "y",
                            "0",
                            "width",
                            number(width),
                            "height",
                            Integer.toString(HEIGHT))
                    .element("title", part.label() + " " + Quantities.bytes(part.bytes()))
                    .close();
            at += width;
        }
        html.close().line();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public void text(PrintWriter out) {
        out.println(heading());
        TextTable table = new TextTable().number("bytes").number("share").name("part");
        for (MemoryPart part : account.parts()) {
            table.row(Quantities.bytes(part.bytes()), Quantities.share(part.bytes(), account.whole()), part.label());
        }
        table.print(out, "  ");
        out.println("  of " + Quantities.bytes(account.whole()) + ", " + account.wholeIs()
                + (account.holds() ? "" : "; BROKEN: they add up to " + Quantities.count(account.sum()) + " bytes"));
        nativeMemory
                .filter(known -> known.directBuffers() > 0)
                .ifPresent(known -> out.println("  apart from the heap: " + Quantities.bytes(known.directBytes())
                        + " in " + Quantities.count(known.directBuffers()) + " direct buffers"));
        out.println();
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.DominatorPath;
import dev.holdfast.roots.ObjectNames;
import dev.holdfast.roots.ReferenceNames;
import dev.holdfast.roots.RootName;
import dev.holdfast.roots.RootNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code profile} prints: what the dump is, what ate the memory, where the profiles are. */
public final class ProfileSummary implements Report {
    /**
     * A large retainer: the lowest object of a chain that retains nearly all that the chain does.
     *
     * @param object the object
     * @param retained what it retains
     * @param root what holds it
     * @param path from the root to the object, a line a step
     */
    private record Retainer(int object, long retained, String root, List<String> path) {}

    private final HeapSnapshot heap;
    private final ProfileSet profiles;
    private final Path folder;
    private final ObjectNames objectNames;
    private final RootNames rootNames;
    private final ReferenceNames referenceNames;
    private final VerdictSection verdict;
    private final List<Retainer> retainers;

    private ProfileSummary(HeapSnapshot heap, ProfileSet profiles, Path folder) {
        this.heap = heap;
        this.profiles = profiles;
        this.folder = folder;
        this.objectNames = ObjectNames.of(heap);
        this.rootNames = RootNames.of(heap, objectNames);
        this.referenceNames = ReferenceNames.of(heap);
        this.verdict = new VerdictSection(heap, profiles.verdict());
        this.retainers = retainers();
    }

    /** The summary of profiles that were written into a folder. */
    public static ProfileSummary of(HeapSnapshot heap, ProfileSet profiles, Path folder) {
        return new ProfileSummary(heap, profiles, folder);
    }

    private List<Retainer> retainers() {
        List<Retainer> found = new ArrayList<>();
        for (int node : profiles.largestRetainers()) {
            RootName root = rootNames.holderOf(node);
            found.add(new Retainer(
                    node,
                    heap.dominators().retainedSize(node),
                    root == null ? RootNames.SEVERAL_ROOTS : root.kind().label() + " " + root.name(),
                    path(node)));
        }
        return found;
    }

    private List<String> path(int object) {
        List<String> lines = new ArrayList<>();
        for (DominatorPath.Step step :
                DominatorPath.to(heap, referenceNames, object).steps()) {
            int node = step.node();
            if (heap.graph().isHolder(node)) {
                lines.add("in " + rootNames.functionOf(node));
            } else {
                String via = step.via();
                lines.add(via == null ? objectNames.label(node) : via + " " + objectNames.label(node));
            }
        }
        return lines;
    }

    @Override
    public void writeText(PrintWriter out) {
        DumpInfo info = heap.dump().info();
        long reachable = heap.totals().reachableBytes();
        out.printf(
                Locale.ROOT,
                "%s: %s %s%s%n",
                TextTable.printable(info.file()),
                Language.of(info).format(info),
                Quantities.bytes(info.fileBytes()),
                info.runtime() == null ? "" : ", " + TextTable.printable(info.runtime()));
        out.printf(
                Locale.ROOT,
                "%,d objects reachable, %s; %,d unreachable, %s%n%n",
                heap.totals().reachableObjects(),
                Quantities.bytes(reachable),
                heap.totals().unreachableObjects(),
                Quantities.bytes(heap.totals().unreachableBytes()));
        verdict.sentences(out);
        out.println();
        writeRetainers(out);
        out.println("Profiles in " + folder);
        for (ProfileSet.Named named : profiles.profiles()) {
            out.printf(
                    Locale.ROOT,
                    "  %-22s %,d samples%n",
                    named.fileName(),
                    named.profile().samples());
        }
        out.println();
        out.println("Open them with");
        out.println("  go tool pprof -http=: " + folder.resolve("roots.pb.gz"));
        List<DumpWarning> warnings = heap.warnings();
        if (!warnings.isEmpty() || !profiles.warnings().isEmpty()) {
            out.println();
            out.println("Warnings");
            WarningLines.text(out, warnings);
            for (String warning : profiles.warnings()) {
                out.println("  note " + warning);
            }
        }
    }

    /** What is largest, whether or not it stands out. */
    private void writeRetainers(PrintWriter out) {
        long reachable = heap.totals().reachableBytes();
        out.println("Largest retainers");
        for (Retainer retainer : retainers) {
            out.printf(
                    Locale.ROOT,
                    "  %s (%s) retained by %s %s%n",
                    Quantities.bytes(retainer.retained),
                    Quantities.share(retainer.retained, reachable),
                    name(retainer.object),
                    heap.graph().isHolder(retainer.object)
                            ? ""
                            : Quantities.address(heap.graph().addressOf(retainer.object)));
            out.println("    held by " + shown(retainer.root));
            for (String line : abbreviated(retainer.path)) {
                out.println("      " + shown(line));
            }
        }
        out.println();
    }

    private String name(int node) {
        return heap.graph().isHolder(node) ? shown(rootNames.lineOf(node)) : shown(objectNames.label(node));
    }

    private static String shown(String text) {
        return Quantities.shortened(TextTable.printable(text), 88);
    }

    /** The first and last steps of a long path. */
    private static List<String> abbreviated(List<String> path) {
        if (path.size() <= 12) {
            return path;
        }
        List<String> lines = new ArrayList<>(path.subList(0, 6));
        lines.add("... " + (path.size() - 11) + " more");
        lines.addAll(path.subList(path.size() - 5, path.size()));
        return lines;
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(out, json -> {
            json.object(
                    "reachable",
                    o -> o.field("objects", heap.totals().reachableObjects())
                            .field("shallow_bytes", heap.totals().reachableBytes()));
            json.object(
                    "unreachable",
                    o -> o.field("objects", heap.totals().unreachableObjects())
                            .field("shallow_bytes", heap.totals().unreachableBytes()));
            verdict.json(json);
            json.array("retainers", list -> {
                for (Retainer retainer : retainers) {
                    list.element(o -> {
                        boolean holder = heap.graph().isHolder(retainer.object);
                        if (holder) {
                            o.nullField("object").nullField("type");
                        } else {
                            DumpType type = heap.types().get(heap.graph().typeOf(retainer.object));
                            o.address("object", heap.graph().addressOf(retainer.object))
                                    .field("type", type.name());
                        }
                        o.field("retained_bytes", retainer.retained)
                                .field("holder", retainer.root)
                                .array("path", path -> {
                                    for (String line : retainer.path) {
                                        path.element(step -> step.field("step", line));
                                    }
                                });
                    });
                }
            });
            json.array("profiles", list -> {
                for (ProfileSet.Named named : profiles.profiles()) {
                    list.element(o -> o.field(
                                    "file", folder.resolve(named.fileName()).toString())
                            .field("samples", named.profile().samples()));
                }
            });
            WarningLines.json(json, heap.warnings());
        });
    }
}

package dev.holdfast.report;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.ValueType;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Referrers;
import dev.holdfast.roots.RootName;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One object: sizes, what holds it, its fields, who refers to it. Contents only where asked for. */
public final class ObjectReport implements Report {
    private record Field(
            String name, String type, long target, @Nullable String content) {}

    private record Referrer(int node, String via) {}

    private final HeapSnapshot heap;
    private final Language language;
    private final HeapNames names;
    private final int object;
    private final boolean contents;
    private final List<Field> fields;
    private final boolean moreFields;
    private final List<Referrer> referrers;
    private final long allReferrers;

    private ObjectReport(HeapSnapshot heap, int object, boolean contents, int limit) throws IOException {
        this.heap = heap;
        this.language = Language.of(heap.dump().info());
        this.names = new HeapNames(heap);
        this.object = object;
        this.contents = contents;
        int most = limit == 0 ? Integer.MAX_VALUE : limit;
        this.fields = fields(most);
        this.moreFields = fields.size() >= most;
        this.referrers = new ArrayList<>();
        Referrers all = heap.referrers();
        int previous = -1;
        for (long r = all.first(object); r < all.end(object) && referrers.size() < most; r++) {
            int source = all.source(r);
            if (source != previous) {
                referrers.add(new Referrer(source, via(source)));
            }
            previous = source;
        }
        this.allReferrers = all.end(object) - all.first(object);
    }

    /**
     * Describes an object.
     *
     * @param contents whether numbers and texts are shown, which are heap contents
     * @param limit at most so many fields and referrers, 0 for all
     */
    public static ObjectReport of(HeapSnapshot heap, int object, boolean contents, int limit) throws IOException {
        return new ObjectReport(heap, object, contents, limit);
    }

    /** How a referrer refers to the object; a holder of a Go program by its name, as it has no more. */
    private String via(int source) {
        if (language == Language.GO && heap.graph().isHolder(source)) {
            return names.roots.of(source).toString();
        }
        String via = names.references.via(source, object);
        return via == null ? "?" : via;
    }

    private List<Field> fields(int limit) throws IOException {
        List<Field> list = new ArrayList<>();
        long address = heap.graph().addressOf(object);
        RecordedObject recorded = heap.dump().read(address);
        if (recorded == null) {
            return list;
        }
        DumpType type = heap.types().get(recorded.type());
        if (type.kind() == DumpType.Kind.OBJECT_ARRAY) {
            for (var reference : heap.dump().readReferences(address, limit)) {
                list.add(new Field(reference.name(), typeAt(reference.target()), reference.target(), null));
            }
        } else if (type.kind() == DumpType.Kind.PRIMITIVE_ARRAY) {
            if (contents) {
                long[] elements = heap.dump().readElements(address, 0, Math.min(limit, 1000));
                for (int i = 0; i < elements.length; i++) {
                    list.add(new Field("[" + i + "]", type.name(), 0, Long.toString(elements[i])));
                }
            }
        } else {
            boolean isClass = type.kind() == DumpType.Kind.CLASS;
            for (FieldValue value : recorded.fields()) {
                if (list.size() >= limit) {
                    break;
                }
                String name = isClass ? "static " + value.name() : value.name();
                if (value.type() == ValueType.REFERENCE) {
                    list.add(new Field(name, typeAt(value.bits()), value.bits(), null));
                } else if (contents) {
                    list.add(new Field(name, language.value(value.type()), 0, number(value)));
                }
            }
        }
        return list;
    }

    private static String number(FieldValue value) {
        switch (value.type()) {
            case BOOLEAN:
                return Boolean.toString(value.bits() != 0);
            case FLOAT:
                return Float.toString(Float.intBitsToFloat((int) value.bits()));
            case DOUBLE:
                return Double.toString(Double.longBitsToDouble(value.bits()));
            default:
                return Long.toString(value.bits());
        }
    }

    private String typeAt(long address) {
        if (address == 0) {
            return "null";
        }
        int target = heap.graph().indexOf(address);
        if (target < 0 && language == Language.GO) {
            // Pointers into the middle of objects are as good as any, and many lead to package variables or stacks.
            target = heap.graph().containing(address);
            return target < 0 ? "(outside the heap)" : names.objects.label(target);
        }
        return target < 0 ? "(not in the dump)" : names.objects.label(target);
    }

    private @Nullable RootName root() {
        return heap.reachable(object) ? names.roots.holderOf(object) : null;
    }

    private String strength() {
        Strength strength = heap.strength(object);
        return strength == null ? "unreachable" : strength.label();
    }

    @Override
    public void writeText(PrintWriter out) {
        out.println(
                Quantities.address(heap.graph().addressOf(object)) + "  " + TextTable.printable(names.line(object)));
        long elements = heap.objectAt(object).elementCount();
        out.printf(
                Locale.ROOT,
                "  shallow %,d bytes, retains %,d bytes in %,d objects%s; %s%n",
                heap.graph().shallowSize(object),
                heap.dominators().retainedSize(object),
                heap.retainedObjects(object),
                elements > 0 ? String.format(Locale.ROOT, ", %,d elements", elements) : "",
                strength().equals("unreachable") ? "unreachable" : "held " + strength());
        if (heap.reachable(object)) {
            int dominator = heap.dominators().immediateDominator(object);
            out.println("  held by " + TextTable.printable(HeapNames.line(root())));
            out.println("  dominated by "
                    + (dominator == DominatorTree.VIRTUAL_ROOT
                            ? "nothing: a root itself, or several roots hold it"
                            : TextTable.printable(names.line(dominator))
                                    + (heap.graph().isHolder(dominator)
                                            ? ""
                                            : " "
                                                    + Quantities.address(
                                                            heap.graph().addressOf(dominator)))));
        }
        out.println();
        if (!fields.isEmpty()) {
            TextTable table = new TextTable().name("field").name("target").name("type");
            for (Field field : fields) {
                table.row(
                        field.name,
                        field.content != null ? field.content : Quantities.address(field.target),
                        field.type);
            }
            table.print(out, "  ");
            out.println(moreFields ? "  ... more, --limit 0 shows all" : "");
        }
        TextTable table = new TextTable().name("referrer").name("via").name("type");
        for (Referrer referrer : referrers) {
            table.row(
                    heap.graph().isHolder(referrer.node)
                            ? "-"
                            : Quantities.address(heap.graph().addressOf(referrer.node)),
                    referrer.via,
                    names.line(referrer.node));
        }
        table.print(out, "  ");
        out.printf(Locale.ROOT, "  %,d references to it%n", allReferrers);
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        Json.write(out, json -> {
            names.json(json, object);
            long elements = heap.objectAt(object).elementCount();
            boolean array = heap.types().get(heap.graph().typeOf(object)).isArray();
            json.fieldOrNull("element_count", array ? elements : -1)
                    .field("shallow_bytes", heap.graph().shallowSize(object))
                    .field("retained_bytes", heap.dominators().retainedSize(object))
                    .field("retained_objects", heap.retainedObjects(object));
            names.address(json, "dominator", Math.max(-1, heap.dominators().immediateDominator(object)));
            json.field("reachability", strength());
            HeapNames.json(json, "root", root());
            json.array("fields", list -> {
                for (Field field : fields) {
                    list.element(row -> {
                        row.field("name", field.name).field("type", field.type);
                        if (field.content == null) {
                            row.addressOrNull("target", field.target);
                        } else {
                            row.nullField("target").field("content", field.content);
                        }
                    });
                }
            });
            json.array("referrers", list -> {
                for (Referrer referrer : referrers) {
                    list.element(row -> {
                        names.address(row, "object", referrer.node);
                        row.field(
                                        "type",
                                        heap.graph().isHolder(referrer.node)
                                                ? null
                                                : names.objects.typeName(referrer.node))
                                .field("via", referrer.via);
                    });
                }
            });
        });
    }
}

package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;

/**
 * Makes the {@link Plan} of a type.
 *
 * <p>Knows the few places of the runtime and the standard library where the declared type lies (go-core.md 4.5): an
 * {@code unsafe.Pointer} that always holds one type, a pointer to the first part of something larger.
 */
final class PlanCompiler {
    private static final int MAX_DEPTH = 32;

    /** Parts of a type that are looked at; only a forged one has more, nested in itself. */
    private static final int MAX_PARTS = 1 << 18;

    private final GoTypes types;
    private final ObjectShapes shapes;
    private int parts;

    PlanCompiler(GoTypes types, ObjectShapes shapes) {
        this.types = types;
        this.shapes = shapes;
    }

    /** The plan of a type; for one thread at a time. */
    Plan plan(GoType type) {
        PlanBuilder builder = new PlanBuilder();
        parts = 0;
        type(builder, type, 0, 0);
        return builder.build();
    }

    /** What is really behind a pointer that is declared to lead to the type. */
    GoType pointee(GoType declared) {
        String name = declared.name();
        if (name.equals("time.Timer") || name.equals("time.Ticker")) {
            GoType real = types.named("runtime.timeTimer");
            if (real.size() > declared.size()) {
                return real;
            }
        }
        return declared;
    }

    private void type(PlanBuilder plan, GoType type, long offset, int depth) {
        if (depth > MAX_DEPTH || ++parts > MAX_PARTS || type.size() <= 0) {
            return;
        }
        switch (type.kind()) {
            case POINTER:
                pointer(plan, type, offset);
                break;
            case SLICE:
                GoType element = types.resolve(type.element());
                if (element.size() > 0) {
                    plan.add(Plan.SLICE, offset, element.id());
                }
                break;
            case STRING:
                plan.add(Plan.STRING, offset, shapes.text().id());
                break;
            case INTERFACE:
                plan.add(GoTypes.isEmptyInterface(type) ? Plan.EMPTY_INTERFACE : Plan.INTERFACE, offset, 0);
                break;
            case FUNC:
                plan.add(Plan.FUNCTION, offset, 0);
                break;
            case CHAN:
                plan.add(
                        Plan.POINTER,
                        offset,
                        shapes.channel(types.resolve(type.element())).id());
                break;
            case MAP:
                plan.add(Plan.POINTER, offset, shapes.map(type).id());
                break;
            case ARRAY:
                PlanBuilder one = new PlanBuilder();
                GoType unit = types.resolve(type.element());
                type(one, unit, 0, depth + 1);
                if (unit.size() > 0) {
                    plan.repeat(offset, one.build(), Math.min(type.length(), type.size() / unit.size()), unit.size());
                }
                break;
            case STRUCT:
                struct(plan, type, offset, depth);
                break;
            case CHANNEL_OBJECT:
                fields(plan, type, offset, depth, "buf", "timer");
                timer(plan, type, offset);
                at(
                        plan,
                        Plan.BUFFER,
                        type,
                        "buf",
                        offset,
                        types.resolve(type.element()).id());
                break;
            case MAP_OBJECT:
                fields(plan, type, offset, depth, "dirPtr", "");
                if (shapes.swiss()) {
                    at(plan, Plan.DIRECTORY, type, "dirPtr", offset, type.id());
                }
                break;
            case MAP_TABLE:
                at(
                        plan,
                        Plan.GROUPS,
                        type,
                        "groups.data",
                        offset,
                        types.resolve(type.storage()).id());
                break;
            case CLOSURE:
                fields(plan, type, offset, depth, "", "");
                break;
            default:
                break;
        }
    }

    private void at(PlanBuilder plan, byte operation, GoType type, String field, long offset, int operand) {
        int second = operation == Plan.DIRECTORY && shapes.swiss()
                ? shapes.table(type).id()
                : 0;
        for (GoField candidate : type.fields()) {
            if (candidate.name().equals(field) && operand != 0) {
                plan.add(operation, offset + candidate.offset(), operand, second);
            }
        }
    }

    private void fields(PlanBuilder plan, GoType type, long offset, int depth, String without, String nor) {
        for (GoField field : type.fields()) {
            if (!field.name().equals(without) && !field.name().equals(nor)) {
                GoType part = types.resolve(field.reference());
                if (field.offset() + part.size() <= type.size()) {
                    type(plan, part, offset + field.offset(), depth + 1);
                }
            }
        }
    }

    private void pointer(PlanBuilder plan, GoType pointer, long offset) {
        GoType target = types.resolve(pointer.element());
        String name = target.name();
        if (pointer.name().startsWith("go.shape.")) {
            // Any pointer has that shape: it says nothing about its target.
            return;
        }
        if (name.equals("runtime.hchan")) {
            plan.add(Plan.CHANNEL, offset, 0);
        } else if (name.startsWith("internal/sync.node[") || name.startsWith("internal/concurrent.node[")) {
            trieNode(plan, target, offset);
        } else if (target.id() != 0 && target.size() > 0) {
            plan.add(Plan.POINTER, offset, pointee(target).id());
        }
    }

    /** What a goroutine waits to send or receive: of the type of the channel's elements. */
    private static void waiting(PlanBuilder plan, GoType waiter, long offset) {
        for (GoField element : waiter.fields()) {
            for (GoField channel : waiter.fields()) {
                if (element.name().equals("elem") && channel.name().equals("c")) {
                    int between = (int) (channel.offset() - element.offset());
                    plan.add(Plan.WAITING, offset + element.offset(), between);
                }
            }
        }
    }

    /** A channel's timer is the last part of what {@code time.NewTimer} allocates. */
    private void timer(PlanBuilder plan, GoType channel, long offset) {
        GoType whole = types.named("runtime.timeTimer");
        for (GoField field : channel.fields()) {
            if (field.name().equals("timer")) {
                for (GoField part : whole.fields()) {
                    if (part.name().equals("timer") && part.offset() <= Integer.MAX_VALUE) {
                        plan.add(Plan.PART, offset + field.offset(), whole.id(), (int) part.offset());
                    }
                }
            }
        }
    }

    /** Every node starts with the same part; the rest is an entry or an inner node. */
    private void trieNode(PlanBuilder plan, GoType node, long offset) {
        int at = node.name().indexOf("node[");
        String path = node.name().substring(0, at);
        String arguments = node.name().substring(at + 4);
        GoType entry = types.named(path + "entry" + arguments);
        GoType inner = types.named(path + "indirect" + arguments);
        if (entry.id() != 0 && inner.id() != 0) {
            plan.add(Plan.TRIE_NODE, offset, entry.id(), inner.id());
        } else {
            plan.add(Plan.POINTER, offset, node.id());
        }
    }

    private void struct(PlanBuilder plan, GoType type, long offset, int depth) {
        String name = type.name();
        if (isInterfaceWords(name)) {
            plan.add(Plan.EMPTY_INTERFACE, offset, 0);
            return;
        }
        switch (name) {
            case "runtime.iface":
                plan.add(Plan.INTERFACE, offset, 0);
                return;
            case "reflect.Value":
                plan.add(Plan.REFLECTED, offset, 0);
                return;
            case "runtime.maybeTraceableChan":
                plan.add(Plan.CHANNEL, offset, 0);
                return;
            case "sync.Pool":
                pool(plan, type, offset);
                break;
            case "sync.entry":
                unsafe(plan, type, "p", offset, types.named("interface {}"));
                break;
            case "runtime.g":
                unsafe(plan, type, "labels", offset, types.named("runtime/pprof.labelMap"));
                break;
            case "runtime/metrics.Value":
                unsafe(plan, type, "pointer", offset, types.named("runtime.metricFloat64Histogram"));
                break;
            case "runtime.sudog":
                waiting(plan, type, offset);
                break;
            case "runtime.timeTimer":
                for (GoField field : type.fields()) {
                    if (field.name().equals("c")) {
                        plan.add(Plan.CHANNEL, offset + field.offset(), 0);
                    }
                }
                break;
            default:
                if (name.startsWith("sync/atomic.Pointer[")) {
                    unsafe(plan, type, "v", offset, argument(type));
                } else if (name.startsWith("internal/runtime/atomic.Pointer[")
                        || name.startsWith("runtime/internal/atomic.Pointer[")) {
                    plan(plan, offset, types.named(name.substring(name.indexOf('[') + 1, name.length() - 1)));
                } else if (name.startsWith("map.bucket[")) {
                    unsafe(plan, type, "overflow", offset, type);
                } else if (name.startsWith("weak.Pointer[")) {
                    unsafe(plan, type, "u", offset, weakHandle());
                }
                break;
        }
        fields(plan, type, offset, depth, "", "");
    }

    private static boolean isInterfaceWords(String name) {
        return name.equals("runtime.eface")
                || name.equals("sync.eface")
                || name.equals("sync/atomic.efaceWords")
                || name.equals("sync/atomic.ifaceWords")
                || name.equals("internal/abi.EmptyInterface")
                || name.equals("reflect.emptyInterface");
    }

    private GoType weakHandle() {
        GoType cell = types.named("internal/runtime/atomic.Uintptr");
        return cell.id() != 0 ? cell : types.named("runtime/internal/atomic.Uintptr");
    }

    /** What {@code _ [0]*T} says about an atomic pointer. */
    private GoType argument(GoType atomic) {
        for (GoField field : atomic.fields()) {
            GoType type = types.resolve(field.reference());
            if (type.kind() == GoKind.ARRAY) {
                return types.resolve(types.resolve(type.element()).element());
            }
        }
        return types.unknown();
    }

    private void unsafe(PlanBuilder plan, GoType struct, String name, long offset, GoType target) {
        for (GoField field : struct.fields()) {
            if (field.name().equals(name) && types.resolve(field.reference()).kind() == GoKind.UNSAFE_POINTER) {
                plan(plan, offset + field.offset(), target);
            }
        }
    }

    private void plan(PlanBuilder plan, long offset, GoType target) {
        if (target.id() != 0 && target.size() > 0) {
            pointer(plan, shapes.pointerTo(target), offset);
        }
    }

    /** Per-processor parts of a pool, and those of the cycle before. */
    private void pool(PlanBuilder plan, GoType pool, long offset) {
        GoType local = types.named("sync.poolLocal");
        if (local.size() <= 0) {
            return;
        }
        for (GoField field : pool.fields()) {
            if (field.name().equals("local") || field.name().equals("victim")) {
                plan.add(Plan.COUNTED, offset + field.offset(), local.id());
            }
        }
    }

    /** The offset of a field of the runtime, or another number where this release does not say. */
    static int offset(RuntimeLayout layout, String struct, String field, int absent) {
        try {
            StructLayout found = layout.struct(struct);
            return found.offset(field, absent);
        } catch (UnknownLayoutException e) {
            return absent;
        }
    }
}

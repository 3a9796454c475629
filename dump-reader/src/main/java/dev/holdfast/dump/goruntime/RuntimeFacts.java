package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.CoreFile;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings and counters of the program for people: how it was built, what steered its collector, how it ended.
 *
 * <p>Numbers have the names of {@code runtime/metrics} where these exist. What the dump does not have is left out. Nothing of
 * it comes from the program's heap. Used by one thread.
 */
public final class RuntimeFacts {
    /** Variables of the environment that the runtime itself obeys. */
    private static final Set<String> OBEYED = Set.of("GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS", "GOTRACEBACK");

    private static final int MOST_VARIABLES = 1 << 16;
    private static final int LONGEST_VARIABLE = 1 << 12;
    private static final int MOST_PROCESSORS = 1 << 16;

    private final GoProgram program;
    private final RuntimeLayout layout;
    private final MemoryReader reader;
    private final Map<String, String> facts = new LinkedHashMap<>();

    /** A fact that may be missing. */
    @FunctionalInterface
    private interface Source {
        @Nullable
        String get();
    }

    private RuntimeFacts(GoProgram program) {
        this.program = program;
        layout = program.layout();
        reader = program.reader();
    }

    /** All facts in a fixed order. */
    public static Map<String, String> read(GoProgram program, @Nullable MemoryAccounting memory) {
        RuntimeFacts facts = new RuntimeFacts(program);
        facts.program();
        facts.settings();
        facts.collector();
        if (memory != null) {
            facts.add("/gc/heap/allocs:bytes", () -> Long.toString(memory.allocatedBytes()));
            facts.add("/gc/heap/objects:objects", () -> Long.toString(memory.objectCount()));
        }
        facts.profiles();
        return facts.facts;
    }

    private void add(String name, Source source) {
        try {
            String value = source.get();
            if (value != null && !value.isEmpty()) {
                facts.put(name, value);
            }
        } catch (MissingMemoryException | UnknownLayoutException e) {
            // This dump or release does not have it.
            return;
        }
    }

    private void program() {
        add("go version", () -> program.version().text());
        add("platform", () -> "linux/" + program.executable().machine().name().toLowerCase(Locale.ROOT));
        facts.putAll(BuildInfo.read(program.executable()));
        add("ended by", this::end);
        add("threads", () -> Integer.toString(program.core().threads().size()));
    }

    private @Nullable String end() {
        boolean panicking =
                layout.hasAddress("runtime.panicking") && reader.u32(layout.address("runtime.panicking")) != 0;
        int signal = 0;
        for (CoreFile.CoreThread thread : program.core().threads()) {
            signal = signal == 0 ? thread.signal() : signal;
        }
        String text = signal == 0 ? null : "signal " + signal;
        return panicking ? "panic or fatal error" + (text == null ? "" : ", " + text) : text;
    }

    private void settings() {
        add("/sched/gomaxprocs:threads", () -> Integer.toString(reader.i32(layout.address("runtime.gomaxprocs"))));
        try {
            long list = reader.word(layout.address("runtime.envs"));
            long count = Math.min(reader.word(layout.address("runtime.envs") + 8), MOST_VARIABLES);
            for (long i = 0; i < count; i++) {
                variable(text(list + 16 * i));
            }
        } catch (MissingMemoryException | UnknownLayoutException e) {
            facts.remove("environment");
        }
        add("GODEBUG of the build", () -> text(layout.address("runtime.godebugDefault")));
    }

    private void variable(String text) {
        int equals = text.indexOf('=');
        if (equals > 0 && OBEYED.contains(text.substring(0, equals))) {
            facts.put("environment " + text.substring(0, equals), text.substring(equals + 1));
        }
    }

    /** A string by the address of its header. */
    private String text(long header) {
        long at = reader.word(header);
        long length = reader.word(header + 8);
        return length <= 0 || length > LONGEST_VARIABLE
                ? ""
                : new String(reader.bytes(at, (int) length), StandardCharsets.UTF_8);
    }

    private void collector() {
        add("/gc/gogc:percent", () -> {
            int percent = new Pacer(program, reader).percent();
            return percent < 0 ? "off" : Integer.toString(percent);
        });
        add("/gc/gomemlimit:bytes", () -> {
            long limit = new Pacer(program, reader).word("memoryLimit");
            return limit == Long.MAX_VALUE ? "none" : Long.toString(limit);
        });
        add("/gc/heap/goal:bytes", () -> Long.toUnsignedString(new Pacer(program, reader).goal()));
        add("/gc/heap/live:bytes", () -> Long.toString(new Pacer(program, reader).word("heapMarked")));
        add("/gc/cycles/total:gc-cycles", () -> Long.toString(statistic("numgc")));
        add("/gc/cycles/forced:gc-cycles", () -> Long.toString(statistic("numforcedgc")));
        add("/gc/cycles/automatic:gc-cycles", () -> Long.toString(statistic("numgc") - statistic("numforcedgc")));
        add("collector", this::phase);
        add("last collection", () -> {
            long nanos = statistic("last_gc_unix");
            return nanos == 0 ? "none" : instant(nanos).toString();
        });
        add("pauses in all", () -> statistic("pause_total_ns") + " ns");
    }

    private @Nullable String phase() {
        switch (reader.i32(layout.address("runtime.gcphase"))) {
            case 0:
                return "not running";
            case 1:
                return "marking";
            case 2:
                return "ending a cycle";
            default:
                return null;
        }
    }

    private long statistic(String field) {
        StructLayout mstats = layout.struct("runtime.mstats");
        return reader.unsigned(layout.address("runtime.memstats") + mstats.offset(field), mstats.width(field));
    }

    private void profiles() {
        add("memory profile rate", () -> reader.word(layout.address("runtime.MemProfileRate")) + " bytes");
        add("block profile rate", () -> {
            long rate = reader.word(layout.address("runtime.blockprofilerate"));
            return rate == 0 ? "off" : rate + " ticks";
        });
        add("mutex profile fraction", () -> {
            long fraction = reader.word(layout.address("runtime.mutexprofilerate"));
            return fraction == 0 ? "off" : "1 of " + fraction;
        });
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /**
     * The last moment at which the runtime noted the time, or null: the dump was taken then or soon after.
     *
     * <p>The wall clock is noted at collections only; from there the runtime's own clock leads on.
     */
    public static @Nullable Instant lastActivity(GoProgram program) {
        RuntimeFacts facts = new RuntimeFacts(program);
        try {
            long wall = facts.statistic("last_gc_unix");
            long clock = facts.statistic("last_gc_nanotime");
            return wall == 0 || clock == 0 ? null : instant(wall + Math.max(0, facts.latestClock() - clock));
        } catch (MissingMemoryException | UnknownLayoutException e) {
            return null;
        }
    }

    private long latestClock() {
        long latest = 0;
        if (layout.hasStruct("runtime.schedt")) {
            StructLayout sched = layout.struct("runtime.schedt");
            for (String field : List.of("lastpoll", "procresizetime")) {
                latest = Math.max(latest, reader.word(layout.address("runtime.sched") + sched.offset(field)));
            }
        }
        StructLayout p = layout.struct("runtime.p");
        long list = reader.word(layout.address("runtime.allp"));
        long count = Math.min(reader.word(layout.address("runtime.allp") + 8), MOST_PROCESSORS);
        for (long i = 0; i < count; i++) {
            long at = reader.word(list + 8 * i);
            for (String field : List.of("sysmontick.schedwhen", "sysmontick.syscallwhen")) {
                latest = at == 0 || !p.has(field) ? latest : Math.max(latest, reader.word(at + p.offset(field)));
            }
        }
        return latest;
    }
}

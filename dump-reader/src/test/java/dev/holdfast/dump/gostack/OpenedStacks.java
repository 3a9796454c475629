package dev.holdfast.dump.gostack;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.testkit.GoFixture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A fixture with its goroutines. */
final class OpenedStacks implements Closeable {
    final Warnings warnings = new Warnings();
    final GoProgram program;
    final FunctionTable functions;

    private OpenedStacks(Path core, Path executable) throws IOException {
        program = GoProgram.open(core, DumpOptions.DEFAULT.withExecutable(executable), warnings);
        functions = program.functions();
    }

    static OpenedStacks of(GoFixture fixture) throws IOException {
        return new OpenedStacks(fixture.core(), fixture.executable());
    }

    static OpenedStacks of(Path core, Path executable) throws IOException {
        return new OpenedStacks(core, executable);
    }

    GoroutineTable goroutines() {
        return new GoroutineTable(program, functions);
    }

    /** A slot with the frame and variable that hold it. */
    record Slot(String function, String variable, long offset, long address, long value, boolean conservative) {}

    /** All slots of a goroutine; {@code function} is empty beside frames, {@code variable} where no variable is there. */
    static List<Slot> slots(GoStacks stacks, Goroutine goroutine) {
        List<Slot> slots = new ArrayList<>();
        stacks.roots(goroutine, new RootSlots() {
            private @Nullable GoFrame at;

            @Override
            public void frame(GoFrame frame) {
                at = frame;
            }

            @Override
            public void slot(long address, long value, boolean conservative) {
                add(at == null ? null : stacks.variable(at, address), address, value, conservative);
            }

            @Override
            public void register(int number, long value) {
                add(stacks.registerVariable(Objects.requireNonNull(at), number), 0, value, true);
            }

            private void add(@Nullable SlotVariable variable, long address, long value, boolean conservative) {
                slots.add(new Slot(
                        at == null ? "" : at.function().name(),
                        variable == null ? "" : variable.name(),
                        variable == null ? -1 : variable.offset(),
                        address,
                        value,
                        conservative));
            }
        });
        return slots;
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}

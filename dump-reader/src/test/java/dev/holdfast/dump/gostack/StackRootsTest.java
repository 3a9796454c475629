package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.gostack.OpenedStacks.Slot;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixture's program says what each kind of goroutine holds, and in which variable. */
class StackRootsTest {
    static Stream<GoFixture> fixtures() {
        // Without debugging information there are no variables.
        return GoFixtures.available().stream().filter(fixture -> !fixture.name().endsWith("stripped"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatGoroutinesHoldIsFoundInTheVariablesThatHoldIt(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            GoroutineTable table = opened.goroutines();
            GoStacks stacks = table.stacks();
            Map<String, List<List<Slot>>> kinds = new TreeMap<>();
            for (Goroutine goroutine : table.all()) {
                kinds.computeIfAbsent(goroutine.labels().getOrDefault("kind", ""), kind -> new ArrayList<>())
                        .add(OpenedStacks.slots(stacks, goroutine));
            }
            Set<Long> distinct = new HashSet<>();
            for (List<Slot> slots : Objects.requireNonNull(kinds.get("local"))) {
                assertThat(slots)
                        .anyMatch(slot -> is(slot, "main.holdLocal", "buffer", 0) && distinct.add(slot.value()));
            }
            for (List<Slot> slots : Objects.requireNonNull(kinds.get("stackobject"))) {
                assertThat(slots)
                        .as("the first and the last word of the variable, not the number between them")
                        .filteredOn(slot -> slot.variable().equals("box"))
                        .extracting(Slot::offset)
                        .containsExactly(0L, 16L);
                assertThat(slots)
                        .anyMatch(slot -> is(slot, "main.holdStackObject", "box", 16) && distinct.add(slot.value()));
            }
            for (List<Slot> slots : Objects.requireNonNull(kinds.get("defer"))) {
                assertThat(slots)
                        .as("beside frames: the deferred function, and its record on the heap")
                        .filteredOn(slot -> slot.function().isEmpty())
                        .hasSizeGreaterThanOrEqualTo(2);
            }
            for (List<Slot> slots : Objects.requireNonNull(kinds.get("panic"))) {
                assertThat(slots)
                        .as("the value of the panic, an interface in the record of the panic, which lies on the stack")
                        .anyMatch(slot -> slot.function().equals("runtime.gopanic") && distinct.add(slot.value()));
            }
            for (List<Slot> slots : Objects.requireNonNull(kinds.get("send"))) {
                assertThat(slots).anyMatch(slot -> slot.function().startsWith("runtime.chansend"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void slotsLieInTheirFramesAndInterruptedFramesAreConservative(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            GoroutineTable table = opened.goroutines();
            GoStacks stacks = table.stacks();
            for (Goroutine goroutine : table.all()) {
                stacks.roots(goroutine, new RootSlots() {
                    private @Nullable GoFrame at;
                    private long last;

                    @Override
                    public void frame(GoFrame frame) {
                        if (at != null) {
                            assertThat(frame.index()).isEqualTo(at.index() + 1);
                            assertThat(frame.sp()).isEqualTo(at.end());
                        }
                        at = frame;
                    }

                    @Override
                    public void slot(long address, long value, boolean conservative) {
                        assertThat(value).isNotZero();
                        assertThat(goroutine.onStack(value)).isFalse();
                        if (at != null) {
                            assertThat(goroutine.onStack(address))
                                    .as("%x in %s", address, at)
                                    .isTrue();
                            assertThat(address).as("%s", at).isGreaterThanOrEqualTo(at.sp());
                            assertThat(conservative || !at.conservative())
                                    .as("%s in %s", Long.toHexString(address), at)
                                    .isTrue();
                        }
                        assertThat(opened.program.reader().word(address == 0 ? goroutine.address() : address))
                                .isEqualTo(address == 0 ? goroutine.stackLow() : value);
                        assertThat(address == 0 || address != last)
                                .as("%x in %s", address, at)
                                .isTrue();
                        last = address;
                    }

                    @Override
                    public void register(int number, long value) {
                        assertThat(Objects.requireNonNull(at).conservative()).isTrue();
                    }
                });
            }
        }
    }

    private static boolean is(Slot slot, String function, String variable, long offset) {
        return slot.function().equals(function) && slot.variable().equals(variable) && slot.offset() == offset;
    }
}

package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.pclntab.GoFunction;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Return addresses, and which code can call which. */
class CallSitesTest {
    private static final long ENTRY = 0x401000;
    private static final String SWITCH = "runtime.systemstack_switch";

    static Stream<GoFixture> fixtures() {
        return GoFixtures.available().stream();
    }

    private static long target(Machine machine, String hex) throws IOException {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        TreeMap<Long, ByteBuffer> pieces = new TreeMap<>();
        pieces.put(ENTRY, ByteBuffer.wrap(code));
        MemoryReader reader = empty().with(pieces).reader();
        return new CallInstructions(reader, machine).target(ENTRY + code.length, ENTRY);
    }

    private static MemoryImage empty() throws IOException {
        try (OpenedStacks opened =
                OpenedStacks.of(GoFixtures.named("1.26.11-kernel").orElseThrow())) {
            return MemoryImage.ofProgram(opened.program.executable(), 1L << 40);
        }
    }

    /** Encodings as the Go assembler has them. */
    @ParameterizedTest
    @CsvSource({
        "90 e8 fb ff ff ff, 0x401001",
        "e8 00 01 00 00, 0x401105",
        "ff d0, 0",
        "41 ff d4, 0",
        "ff 12, 0",
        "ff 14 24, 0",
        "ff 50 08, 0",
        "ff 54 24 08, 0",
        "ff 90 00 01 00 00, 0",
        "ff 94 24 00 01 00 00, 0",
        "ff 15 00 10 00 00, 0",
        "ff 14 25 00 10 00 00, 0",
        // A jump, a push, a call of half the length, no call at all.
        "ff e0, -1",
        "ff 70 08, -1",
        "ff 50, -1",
        "48 89 c8, -1",
        "e8 00 00 00, -1"
    })
    void callsOfAmd64(String code, String target) throws IOException {
        assertThat(target(Machine.AMD64, code)).isEqualTo(Long.decode(target));
    }

    @ParameterizedTest
    @CsvSource({
        "ff ff ff 97, 0x400ffc",
        "10 00 00 94, 0x401040",
        "20 00 3f d6, 0",
        // B, BR and RET.
        "10 00 00 14, -1",
        "20 00 1f d6, -1",
        "c0 03 5f d6, -1"
    })
    void callsOfArm64(String code, String target) throws IOException {
        assertThat(target(Machine.ARM64, code)).isEqualTo(Long.decode(target));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyReturnAddressOfALiveStackIsRecognised(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            CallSites sites = new CallSites(opened.program, opened.functions);
            GoroutineTable goroutines = opened.goroutines();
            int checked = 0;
            for (Goroutine goroutine : goroutines.all()) {
                List<GoFrame> frames = goroutines.stacks().stack(goroutine).frames();
                for (int i = 1; i < frames.size(); i++) {
                    GoFrame frame = frames.get(i);
                    String callee = frames.get(i - 1).function().name();
                    // A signal stopped it, or it is where the walk goes on to another stack: nothing was called.
                    if (frame.trap()
                            || frame.function().topFrame()
                            || callee.equals("runtime.asyncPreempt")
                            || callee.equals(SWITCH)
                            || frame.function().name().equals(SWITCH)) {
                        continue;
                    }
                    CallSite site = sites.at(frame.pc());
                    assertThat(site).as("%s %s", fixture, frame).isNotNull();
                    assertThat(Objects.requireNonNull(site).function().name())
                            .isEqualTo(frame.function().name());
                    assertThat(sites.mayCall(frame.function(), frames.get(i - 1).function()))
                            .as("%s calls %s", frame.function(), callee)
                            .isTrue();
                    checked++;
                }
            }
            assertThat(checked).isGreaterThan(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "main.main, true",
        "net/http.Serve, true",
        "gopkg.in/yaml%2ev3.unmarshal, true",
        "main.main.func1, false",
        "main.(*T).m, false",
        "main.T.m, false",
        "main.f[...], false",
        "main, false"
    })
    void functionsOfPackagesHaveNamesOfTwoParts(String symbol, boolean plain) {
        assertThat(FunctionValues.isPlain(symbol)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsCalledThroughRegistersIsAValue(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            CallSites sites = new CallSites(opened.program, opened.functions);
            // The runtime starts main.main through a variable; nothing takes the address of what it starts it with.
            for (String value : List.of("main.main", "runtime.main")) {
                assertThat(sites.isValue(Objects.requireNonNull(opened.functions.named(value))))
                        .as(value)
                        .isTrue();
            }
            for (String other : List.of("runtime.sweepone", "runtime.mallocgc", "main.deep")) {
                assertThat(sites.isValue(Objects.requireNonNull(opened.functions.named(other))))
                        .as(other)
                        .isFalse();
            }
        }
    }

    @Test
    void whatCodeDoesNotCallItMayNotCall() throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(GoFixtures.named("1.26.11").orElseThrow())) {
            CallSites sites = new CallSites(opened.program, opened.functions);
            GoFunction sweeper = Objects.requireNonNull(opened.functions.named("runtime.bgsweep"));
            GoFunction sweep = Objects.requireNonNull(opened.functions.named("runtime.sweepone"));
            GoFunction main = Objects.requireNonNull(opened.functions.named("main.main"));

            assertThat(sites.mayCall(sweeper, sweep)).isTrue();
            assertThat(sites.mayCall(sweep, sweeper)).isFalse();
            assertThat(sites.mayCall(sweeper, main)).isFalse();
            assertThat(sites.at(sweep.entry()))
                    .as("an entry is no return address")
                    .isNull();
            assertThat(sites.at(0)).isNull();
            assertThat(sites.isCode(sweep.entry())).isTrue();
            assertThat(sites.isCode(0)).isFalse();
            assertThat(sites.isTop(Objects.requireNonNull(opened.functions.named("runtime.goexit"))
                            .entry()))
                    .isTrue();
            assertThat(sites.isTop(sweep.entry())).isFalse();
        }
    }
}

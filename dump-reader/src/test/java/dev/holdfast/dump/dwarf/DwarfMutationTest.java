package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Debugging information of fixtures with damage in it: whatever the bytes say, questions are answered and nothing but a
 * warning tells of it. A seed that fails is named; more of them with {@code -Dholdfast.mutations}.
 */
class DwarfMutationTest {
    /** How many damaged programs; each costs some 5 ms. */
    private static final int MUTATIONS = Integer.getInteger("holdfast.mutations", 400);

    /** First bytes of {@code .debug_info}, so that a change hits what is looked at. */
    private static final int INFO = 120_000;

    private static SectionBytes small(GoFixture fixture) {
        SectionBytes sections = SectionBytes.of(fixture.executable());
        sections.cut("info", Math.min(INFO, sections.get("info").length));
        return sections;
    }

    @Test
    @Timeout(120)
    void damageNeverCostsMoreThanTheAnswer() {
        List<GoFixture> fixtures = GoFixtures.available().stream()
                .filter(fixture -> fixture.name().matches("1\\.18\\.10|1\\.26\\.11(-cgo)?"))
                .toList();
        assertThat(fixtures).isNotEmpty();
        int damaged = 0;
        int whole = 0;
        for (GoFixture fixture : fixtures) {
            SectionBytes sections = small(fixture);
            for (int seed = 0; seed < MUTATIONS / fixtures.size(); seed++) {
                Random random = new Random(seed);
                SectionBytes changed = mutated(sections, random);
                Warnings warnings = new Warnings();
                try {
                    Dwarf dwarf = Dwarf.open(changed.sections(), warnings);
                    if (dwarf != null) {
                        whole++;
                        ask(dwarf, random);
                    }
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(fixture + " with seed " + seed, e);
                }
                assertThat(warnings.list()).extracting(DumpWarning::code).allMatch(Dwarf.DAMAGED::equals);
                damaged += warnings.list().isEmpty() ? 0 : 1;
            }
        }
        assertThat(damaged).as("mutations that were noticed").isGreaterThan(MUTATIONS / 4);
        assertThat(whole).as("mutations that left something").isGreaterThan(MUTATIONS / 4);
    }

    /** Bytes, words, cuts, runs that are doubled or removed: one to thirty of them in one to all sections. */
    private static SectionBytes mutated(SectionBytes sections, Random random) {
        SectionBytes changed = sections.copy();
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, byte[]> section : changed.all().entrySet()) {
            if (section.getValue().length > 16) {
                names.add(section.getKey());
            }
        }
        int changes = 1 + random.nextInt(30);
        for (int i = 0; i < changes; i++) {
            // Half of them in the abbreviations and units, which everything hangs on.
            String name = names.get(random.nextBoolean() ? random.nextInt(2) : random.nextInt(names.size()));
            byte[] bytes = changed.get(name);
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(12)) {
                case 0:
                    if (random.nextInt(8) == 0) {
                        changed.cut(name, Math.max(17, at));
                    }
                    break;
                case 1:
                    int length = Math.min(random.nextInt(9), bytes.length - at);
                    Arrays.fill(bytes, at, at + length, (byte) 0xff);
                    break;
                case 2:
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), (byte) 0);
                    break;
                case 3:
                    int from = random.nextInt(bytes.length);
                    int count = Math.min(random.nextInt(200), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, count);
                    break;
                case 4:
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                    break;
                default:
                    bytes[at] = (byte) random.nextInt(256);
                    break;
            }
        }
        return changed;
    }

    private static void ask(Dwarf dwarf, Random random) {
        List<DwarfVariable> globals = dwarf.globals();
        for (DwarfVariable global : globals.subList(0, Math.min(20, globals.size()))) {
            dwarf.global(global.name());
            typeAndBelow(dwarf, global.type());
        }
        for (int i = 0; i < 60; i++) {
            typeAndBelow(dwarf, random.nextInt(INFO + 10) - 5L);
        }
        for (String name : List.of("main.Node", "runtime.g", "string", "")) {
            typeAndBelow(dwarf, dwarf.typeNamed(name));
            dwarf.constant(name);
        }
        dwarf.typeOfDescriptor(random.nextInt());
        int count = dwarf.functionCount();
        for (int i = 0; i < Math.min(count, 40); i++) {
            DwarfFunction function = dwarf.functionNumbered(random.nextInt(count));
            dwarf.function(function.low());
            for (DwarfFunction.Local local : function.variables()) {
                assertThat(local.ranges())
                        .allSatisfy(range -> assertThat(range.pieces()).isNotEmpty());
            }
        }
    }

    private static void typeAndBelow(Dwarf dwarf, long offset) {
        DwarfType type = dwarf.type(offset);
        assertThat(type.size()).isNotNegative();
        assertThat(type.count()).isNotNegative();
        for (DwarfType.Field field : type.fields()) {
            assertThat(field.offset()).isNotNegative();
            dwarf.type(field.type());
        }
        dwarf.type(type.element());
        dwarf.type(type.goElem());
    }
}

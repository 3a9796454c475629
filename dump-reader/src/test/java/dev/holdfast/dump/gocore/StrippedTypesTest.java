package dev.holdfast.dump.gocore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Types found in a program from which symbols and debugging information were taken, against those of the whole program. */
class StrippedTypesTest {
    @TempDir
    Path folder;

    static List<GoFixture> fixtures() {
        return GoFixtures.available().stream()
                .filter(fixture -> !fixture.name().contains("stripped"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void objectsHaveTheTypeThatDebuggingInformationGivesThemOrNone(GoFixture fixture) throws IOException {
        List<String> whole = types(fixture.core(), fixture.executable());
        List<String> stripped = types(fixture.core(), stripped(fixture.executable()));
        assertThat(stripped).hasSameSizeAs(whole);
        int known = 0;
        int other = 0;
        Map<String, Integer> differ = new TreeMap<>();
        for (int slot = 0; slot < whole.size(); slot++) {
            String type = stripped.get(slot);
            if (type.startsWith("(unknown") || whole.get(slot).startsWith("(unknown")) {
                continue;
            }
            known++;
            if (!same(type, whole.get(slot))) {
                other++;
                differ.merge(type + " is " + whole.get(slot), 1, Integer::sum);
            }
        }
        // Where every object was sampled, what was allocated is known of some that are seen as a part or a cast only.
        assertThat(other).as("%s, %d known: %s", fixture.name(), known, differ).isLessThanOrEqualTo(known / 500);
        assertThat(known).isPositive();
    }

    /**
     * Equal, or both true: bytes that became a string, a slice to whose only element a pointer leads, an instance of a
     * generic under its shape's name, a number inside the runtime's wrapper.
     */
    private static boolean same(String type, String whole) {
        return type.equals(whole)
                || type.equals("[]uint8") && whole.equals("string")
                || type.equals("[]" + whole)
                || type.equals("[]runtime.bmap") && whole.startsWith("[]map.bucket")
                || type.contains("go.shape.")
                        && type.substring(0, type.indexOf('[')).equals(whole.replaceFirst("\\[.*", ""))
                || type.equals("internal/runtime/atomic.Uintptr") && whole.equals("uintptr")
                || type.equals("runtime/internal/atomic.Uintptr") && whole.equals("uintptr");
    }

    private static List<String> types(Path core, Path executable) throws IOException {
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(executable);
        try (GoProgram program = GoProgram.open(core, options, new Warnings())) {
            SpanTable spans = SpanTable.read(program);
            TypeMasks masks = new TypeMasks(program);
            GoObjectTypes types = GoHeap.read(program, 2, spans, masks)
                    .findTypes(program, spans, new HeapPass(program, spans, masks, 1), Progress.NONE);
            List<String> names = new ArrayList<>();
            for (int slot = 0; slot < spans.slotCount(); slot++) {
                names.add(
                        spans.allocated(slot)
                                ? types.all().get(types.ofSlot(slot)).name()
                                : "(unknown, free)");
            }
            return names;
        }
    }

    /** A copy without the sections that {@code -ldflags=-s} leaves out (their headers are emptied). */
    private Path stripped(Path executable) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(executable)).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) file.getLong(0x28);
        int size = file.getShort(0x3a);
        int count = file.getShort(0x3c);
        int names = (int) file.getLong(headers + file.getShort(0x3e) * size + 24);
        for (int i = 0; i < count; i++) {
            int header = headers + i * size;
            int start = names + file.getInt(header);
            int end = start;
            while (file.get(end) != 0) {
                end++;
            }
            String name = new String(file.array(), start, end - start, StandardCharsets.UTF_8);
            if (name.startsWith(".debug") || name.startsWith(".zdebug") || name.matches("\\.(symtab|strtab)")) {
                file.put(header, new byte[size]);
            }
        }
        return Files.write(folder.resolve("stripped"), file.array());
    }
}

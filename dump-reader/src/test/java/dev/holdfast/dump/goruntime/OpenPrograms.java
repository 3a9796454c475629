package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The programs of fixtures, each opened once for all tests of a class: reading the debugging information takes longest. */
final class OpenPrograms implements AutoCloseable {
    private final Map<String, GoProgram> programs = new TreeMap<>();

    /** All there are, also those without debugging information. */
    static List<GoFixture> fixtures() {
        return GoFixtures.available();
    }

    GoProgram of(GoFixture fixture) throws IOException {
        GoProgram known = programs.get(fixture.name());
        if (known == null) {
            known = GoProgram.open(
                    fixture.core(), DumpOptions.DEFAULT.withExecutable(fixture.executable()), new Warnings());
            programs.put(fixture.name(), known);
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        for (GoProgram program : programs.values()) {
            program.close();
        }
    }
}

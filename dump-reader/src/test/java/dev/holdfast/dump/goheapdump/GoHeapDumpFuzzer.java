package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.testkit.FuzzInput;
import dev.holdfast.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Heap dumps that Go's runtime writes itself; the first byte of the input says how strictly. */
public final class GoHeapDumpFuzzer {
    private static final DumpOptions LENIENT = DumpOptions.DEFAULT.withThreads(1);

    private GoHeapDumpFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        return List.of(
                FuzzInput.after(0, DamagedGoHeapDumpTest.everyRecord()),
                FuzzInput.after(1, DamagedGoHeapDumpTest.everyRecord()));
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(GoHeapDumpFuzzer.class).warmUp();
    }

    /** Reads all that a dump gives. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] dump = Arrays.copyOfRange(input, 1, input.length);
        try (DumpFile file = GoHeapDumpFormat.open(dump, "fuzzed", LENIENT.withStrict((input[0] & 1) != 0))) {
            CollectedGoDump all = CollectedGoDump.of(file);
            for (long address : all.objects.keySet()) {
                file.read(address);
                file.read(address + 1);
                file.readReferences(address, 100);
                file.readElements(address, 0, 100);
            }
            all.objects.forEach(
                    (address, object) -> object.slots().forEach(slot -> file.referenceName(address, 1, slot)));
            file.threads();
            file.memoryClasses();
            file.identities();
            file.allocationSites();
            file.recordedProfiles();
            file.runtimeFacts();
            file.warnings();
            file.rootsLost();
            file.info();
        } catch (DumpFormatException | InsufficientResourcesException e) {
            if (e.getMessage() == null || !e.getMessage().contains("fuzzed")) {
                throw new AssertionError("names no file", e);
            }
        }
    }
}

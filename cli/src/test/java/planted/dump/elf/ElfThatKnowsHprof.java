package planted.dump.elf;

import planted.dump.hprof.HprofThatKnowsElf;

/** One half of a cycle between formats. */
public final class ElfThatKnowsHprof {
    /** The other half. */
    public HprofThatKnowsElf other() {
        return new HprofThatKnowsElf();
    }
}

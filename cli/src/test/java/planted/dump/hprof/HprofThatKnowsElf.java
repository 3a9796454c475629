package planted.dump.hprof;

import planted.dump.elf.ElfThatKnowsHprof;

/** One half of a cycle between formats. */
public final class HprofThatKnowsElf {
    /** The other half. */
    public ElfThatKnowsHprof other() {
        return new ElfThatKnowsHprof();
    }
}

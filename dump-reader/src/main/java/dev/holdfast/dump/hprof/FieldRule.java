package dev.holdfast.dump.hprof;

/** How a VM places the instance fields of a class (hprof.md 2.3). */
enum FieldRule {
    /** JDK 15 and later (JDK-8237767): own fields fill the holes that superclasses left. */
    FILL_HOLES("jdk15"),
    /** JDK 14 and earlier: own fields start at the superclass's end, rounded up to the reference width. */
    BY_LEVEL("jdk14"),
    /** ART and native-image write the size of the object into the CLASS_DUMP. */
    DECLARED("declared"),
    /** Eclipse MAT's formula, whatever the VM (hprof.md 2.5). */
    MAT("mat");

    private final String label;

    FieldRule(String label) {
        this.label = label;
    }

    /** The word that options and reports use. */
    String label() {
        return label;
    }
}

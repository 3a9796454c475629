package dev.holdfast.dump.hprof;

/** Where element 0 of an array lies behind the length (hprof.md 2.2). */
enum ArrayBase {
    /** JDK 22 and earlier on 64 bits: at the next multiple of 8, whatever the element. */
    WORD("jdk22"),
    /** JDK 23 and later (JDK-8139457), and every 32-bit VM: at the next multiple of the element's width. */
    ELEMENT("jdk23");

    private final String label;

    ArrayBase(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The offset of element 0, the length word being at {@code header}. */
    int offset(int header, int width) {
        int end = header + 4;
        int to = this == WORD ? 8 : width;
        return (end + to - 1) & -to;
    }
}

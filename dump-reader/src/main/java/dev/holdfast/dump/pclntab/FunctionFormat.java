package dev.holdfast.dump.pclntab;

/**
 * A module whose table's header was read.
 *
 * @param module where everything lies
 * @param startLines whether functions say on which line they start (since Go 1.20), which makes inlined calls shorter too
 * @param quantum least length of an instruction
 */
record FunctionFormat(CodeModule module, boolean startLines, int quantum) {
    long textSize() {
        return module.endText() - module.text();
    }
}

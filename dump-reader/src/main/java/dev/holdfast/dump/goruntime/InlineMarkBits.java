package dev.holdfast.dump.goruntime;

import org.jspecify.annotations.Nullable;

/** Where Green Tea keeps a span's marks: at the end of its only page. */
record InlineMarkBits(SpanTable spans, @Nullable StructLayout layout) implements SpanTable.InlineMarks {
    /** Smaller objects have their marks elsewhere. */
    static final int SMALLEST = 16;

    /** Larger ones too. */
    private static final int LARGEST = 512;

    static InlineMarkBits of(SpanTable spans, RuntimeLayout layout) {
        String name = "runtime.spanInlineMarkBits";
        boolean used = layout.hasStruct(name) && layout.struct(name).size() > 0;
        return new InlineMarkBits(spans, used ? layout.struct(name) : null);
    }

    @Override
    public boolean has(int span) {
        long size = spans.elementSize(span);
        return layout != null && size >= SMALLEST && size <= LARGEST && spans.sizeClass(span) != 0;
    }

    @Override
    public long address(long spanBase) {
        StructLayout marks = layout;
        if (marks == null) {
            throw new IllegalStateException("no marks in spans");
        }
        return spanBase + SpanTable.PAGE - marks.size() + marks.offset("marks");
    }
}

package dev.holdfast.report;

/** The names behind the numbers of a {@link RetentionTree}. Asked only for frames and samples that are written. */
public interface RetentionNames {
    /** In place of a type or reachability that a folded sample has several of. */
    int MIXED = -1;

    /** The frame of a kind of root or of a holder. */
    String holder(int nameId);

    /** How a dominator refers to an object: a field's name, {@code []}, {@code static} and a field's name. */
    String via(int viaId);

    /** A type as frames show it, see {@link FrameNames#type}. */
    String type(int typeNameId);

    /**
     * The labels of a sample.
     *
     * @param holder the innermost frame on its stack that {@link RetentionTree#holder} answered
     * @param typeId as given to {@link RetentionTree#add}, or {@link #MIXED}
     * @param reachability likewise
     */
    Labels labels(int holder, int typeId, int reachability);
}

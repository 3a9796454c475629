package dev.holdfast.heap;

import java.io.IOException;

/** How the collections of one kind keep what they hold. Stateless. */
interface CollectionShape {
    /** The field that a class must have to be of this shape, so that releases can be told apart; empty if any will do. */
    String requiredField();

    /** Where it keeps how full it is. */
    CollectionLayout layout();

    /** Whether it has keys and values. */
    boolean isMap();

    /** How many elements it says it has, or -1 if it does not say. */
    long size(ObjectFields fields, int object) throws IOException;

    /** How many fit, or -1 if that has no meaning. */
    long capacity(ObjectFields fields, int object) throws IOException;

    /** Hands over what it holds, in its order. */
    void read(ObjectFields fields, int object, CollectionContents contents) throws IOException;
}

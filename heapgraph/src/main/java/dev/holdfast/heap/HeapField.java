package dev.holdfast.heap;

/**
 * A field of an object with its value.
 *
 * @param name as declared
 * @param declaringType name of the class that declares it
 * @param value what it holds
 */
public record HeapField(String name, String declaringType, HeapValue value) {}

package dev.holdfast.heap;

final class Placeholder {
    private Placeholder() {}
}

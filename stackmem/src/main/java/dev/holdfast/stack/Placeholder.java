package dev.holdfast.stack;

final class Placeholder {
    private Placeholder() {}
}

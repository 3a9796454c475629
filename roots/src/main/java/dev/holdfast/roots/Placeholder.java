package dev.holdfast.roots;

final class Placeholder {
    private Placeholder() {}
}

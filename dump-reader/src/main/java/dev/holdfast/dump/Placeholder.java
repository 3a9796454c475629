package dev.holdfast.dump;

final class Placeholder {
    private Placeholder() {}
}

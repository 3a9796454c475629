package dev.holdfast.testkit;

final class Placeholder {
    private Placeholder() {}
}

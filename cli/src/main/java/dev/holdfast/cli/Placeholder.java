package dev.holdfast.cli;

final class Placeholder {
    private Placeholder() {}
}

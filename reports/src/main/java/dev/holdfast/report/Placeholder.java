package dev.holdfast.report;

final class Placeholder {
    private Placeholder() {}
}

package dev.holdfast.testkit;

/** A heap to be dumped: a class with a public constructor without parameters that {@link LiveJvm} runs in a JVM of its own. */
public interface Scenario {
    /** Builds the heap and starts its threads; returns, once all is quiet, what must stay alive. */
    Object build() throws Exception;
}

/** Dump builders, oracles and decoders for tests; not published. */
module dev.holdfast.testkit {
    requires java.management;
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.holdfast.testkit;
}

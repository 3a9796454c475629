/** Dump builders, oracles and decoders for tests; not published. */
module dev.holdfast.testkit {
    requires com.fasterxml.jackson.core;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires org.tukaani.xz;
    requires static transitive org.jspecify;

    exports dev.holdfast.testkit;
}

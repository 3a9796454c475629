/** Profiles and reports. */
module dev.holdfast.report {
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;
    requires transitive dev.holdfast.roots;
    requires static transitive org.jspecify;

    exports dev.holdfast.report;
}

/** Profiles and reports. */
module dev.holdfast.report {
    requires transitive dev.holdfast.roots;
    requires static transitive org.jspecify;

    exports dev.holdfast.report;
}

/** Stack-memory accounting. */
module dev.holdfast.stack {
    requires transitive dev.holdfast.dump;
    requires static transitive org.jspecify;

    exports dev.holdfast.stack;
}

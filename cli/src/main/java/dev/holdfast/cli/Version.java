package dev.holdfast.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version of the jar and the JVM it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "holdfast " + (version == null ? "(development)" : version),
            "java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"
        };
    }
}

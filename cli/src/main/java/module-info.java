/** The command line. */
module dev.holdfast.cli {
    requires dev.holdfast.report;
    requires info.picocli;
    requires java.management;
    requires jdk.management;
    requires me.tongfei.progressbar;
    requires static org.jspecify;

    opens dev.holdfast.cli to
            info.picocli;
}

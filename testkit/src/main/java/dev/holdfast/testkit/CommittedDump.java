package dev.holdfast.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The small real dumps that lie in the project, of {@link SmallScenario}, with the JVM's histograms; always there. */
public enum CommittedDump {
    JDK17("small17"),
    JDK17_UNCOMPRESSED("small17-nocoops"),
    JDK25("small25"),
    JDK25_COMPACT("small25-compact");

    private final String baseName;

    CommittedDump(String baseName) {
        this.baseName = baseName;
    }

    /** How the JVM laid its objects out. */
    public FakeLayout layout() {
        return switch (this) {
            case JDK17 -> FakeLayout.JDK17;
            case JDK17_UNCOMPRESSED -> FakeLayout.JDK17_UNCOMPRESSED;
            case JDK25 -> FakeLayout.JDK25;
            case JDK25_COMPACT -> FakeLayout.JDK25_COMPACT;
        };
    }

    /** The file's bytes: independent gzip members. */
    public byte[] gzip() {
        return read(".hprof.gz");
    }

    /** The dump, uncompressed: 2.4 to 2.9 MB. */
    public byte[] bytes() {
        return gunzip(gzip());
    }

    /** Writes {@code NAME.hprof.gz} into the folder. */
    public Path copyTo(Path folder) {
        try {
            return Files.write(folder.resolve(baseName + ".hprof.gz"), gzip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classes whose objects and bytes the JVM counted alike before and after the dump: the truth for all but {@code java.lang.Class}. */
    public Map<String, JvmHistogram.Row> settled() {
        List<JvmHistogram> histograms =
                JvmHistogram.parseAll(new String(gunzip(read(".histo-full.txt.gz")), StandardCharsets.UTF_8));
        return histograms.get(0).asDumped().equalIn(histograms.get(1).asDumped());
    }

    private byte[] read(String suffix) {
        String resource = "fixtures/" + baseName + suffix;
        try (InputStream in = CommittedDump.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gunzip(byte[] packed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

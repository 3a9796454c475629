package dev.holdfast.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** How a dump's bytes are wrapped. */
public enum Compression {
    /** The bytes themselves. */
    NONE,
    /** One gzip member, as {@code gzip} makes it. */
    GZIP,
    /** Independent members of at most 1 MiB, the first with a comment that says so, as HotSpot makes them since JDK 15. */
    HOTSPOT_GZIP;

    /** Wraps the stream; closing the result closes the stream and completes the compressed data. */
    public OutputStream wrap(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out);
            case HOTSPOT_GZIP -> new HotSpotGzipOutput(out);
        };
    }
}

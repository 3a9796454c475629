package dev.holdfast.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON in the shapes of the contract: snake_case, bytes as numbers, addresses as strings, inapplicable as null. */
final class Json {
    private final JsonGenerator out;

    /** What stands between the braces of an object or the brackets of an array. */
    interface Body {
        void write(Json json) throws IOException;
    }

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /** Writes one object and a line end. */
    static void write(Writer writer, Body body) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(100).build())
                .build();
        try (JsonGenerator generator = factory.createGenerator(writer)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.setPrettyPrinter(new DefaultPrettyPrinter());
            generator.writeStartObject();
            body.write(new Json(generator));
            generator.writeEndObject();
            generator.writeRaw('\n');
        }
    }

    Json field(String name, @Nullable String value) throws IOException {
        out.writeStringField(name, value);
        return this;
    }

    Json field(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    Json field(String name, double value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    Json field(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
        return this;
    }

    /** A number that does not apply when negative. */
    Json fieldOrNull(String name, long value) throws IOException {
        if (value < 0) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, value);
        }
        return this;
    }

    Json nullField(String name) throws IOException {
        out.writeNullField(name);
        return this;
    }

    /** An object's address. */
    Json address(String name, long address) throws IOException {
        out.writeStringField(name, Quantities.address(address));
        return this;
    }

    /** An object's address, null for 0. */
    Json addressOrNull(String name, long address) throws IOException {
        out.writeStringField(name, address == 0 ? null : Quantities.address(address));
        return this;
    }

    Json object(String name, Body body) throws IOException {
        out.writeObjectFieldStart(name);
        body.write(this);
        out.writeEndObject();
        return this;
    }

    /** An object within an array. */
    Json element(Body body) throws IOException {
        out.writeStartObject();
        body.write(this);
        out.writeEndObject();
        return this;
    }

    Json array(String name, Body body) throws IOException {
        out.writeArrayFieldStart(name);
        body.write(this);
        out.writeEndArray();
        return this;
    }

    Json strings(String name, Map<String, String> values) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
        return this;
    }
}

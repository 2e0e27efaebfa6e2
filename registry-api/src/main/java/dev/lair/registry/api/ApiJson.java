package dev.lair.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON of the Lair API: members in the order of the records here, members that have no value left out, lists always there.
 * A reader passes over members that it does not know.
 */
public final class ApiJson {

    public static final String CONTENT_TYPE = "application/json";

    public static final String PROBLEM_TYPE = "application/problem+json";

    /** A type of WIT may be 100 types deep, each of which is two levels of JSON, inside a document of some ten levels. */
    private static final int MAX_DEPTH = 250;

    /** Texts are those of binaries, which bound them. */
    private static final int MAX_TEXT = 64 << 20;

    /** Documents up to here are kept as they are. */
    private static final int PLAIN_BYTES = 4096;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .build())
                    .build())
            .changeDefaultPropertyInclusion(defaults -> defaults.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ApiJson() {}

    /** Writes a body, without white space. */
    public static byte[] write(Object body) {
        return MAPPER.writeValueAsBytes(body);
    }

    /** {@link #write} as the part of another document: its members in their order, by name. */
    public static Map<String, Object> members(Object body) {
        return MAPPER.convertValue(body, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /**
     * Reads the body of a request.
     *
     * @throws IllegalArgumentException when it is none of {@code type}. The message has nothing of the body in it, which may
     *     be a secret: it is what the type itself says, or that the body cannot be read
     */
    public static <T> T read(byte[] body, Class<T> type) {
        try {
            T read = MAPPER.readValue(body, type);
            if (read != null) {
                return read;
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof IllegalArgumentException rule && rule.getMessage() != null) {
                throw new IllegalArgumentException(rule.getMessage());
            }
        }
        throw new IllegalArgumentException("the body is no JSON object of the form that docs/API.md has here");
    }

    /**
     * {@link #write} as documents are kept: compressed when they are long, since they say many things twice. Short ones, which
     * most are, would gain little, and each compression begins with a quarter of a megabyte of its own.
     */
    public static byte[] writeCompressed(Object body) {
        byte[] json = write(body);
        if (json.length <= PLAIN_BYTES) {
            return json;
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(kept)) {
            out.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory cannot be written", e);
        }
        return kept.toByteArray();
    }

    /**
     * Inverse of {@link #writeCompressed}.
     *
     * @throws IOException when the bytes are no such document; whoever kept them derives it again
     */
    public static <T> T readCompressed(byte[] kept, Class<T> type) throws IOException {
        try {
            return MAPPER.readValue(isPlain(kept) ? kept : decompressed(kept), type);
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("not a kept document: " + e.getMessage(), e);
        }
    }

    /** Compressed bytes begin with 0x1f. */
    private static boolean isPlain(byte[] kept) {
        return kept.length > 0 && kept[0] == '{';
    }

    private static byte[] decompressed(byte[] kept) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(kept))) {
            return in.readAllBytes();
        }
    }
}

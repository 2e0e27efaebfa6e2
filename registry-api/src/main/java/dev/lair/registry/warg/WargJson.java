package dev.lair.registry.warg;

import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.StrictBase64;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * JSON of the warg API v1: camelCase, ids and signatures as their text forms, bytes as strict padded base64.
 *
 * <p>Strict on the way in, so that no two readers understand a body differently: unknown members, duplicate members,
 * missing or null required members, numbers as text and trailing bytes are refused, each with the place. A client reads
 * replies with {@link #readReply}, which lets a newer registry add members.
 */
public final class WargJson {

    /** The exact content type of every reply: clients compare the whole text. */
    public static final String CONTENT_TYPE = "application/json";

    private static final int MAX_DEPTH = 16;

    private static final JsonMapper STRICT = mapper(true);
    private static final JsonMapper LENIENT = mapper(false);

    private WargJson() {}

    /**
     * Reads a request.
     *
     * @throws MalformedBodyException naming the place and the rule
     */
    public static <T> T read(byte[] json, Class<T> type) throws MalformedBodyException {
        return read(STRICT, json, type);
    }

    /**
     * Reads a reply: as {@link #read}, but members that this version does not know are passed over.
     *
     * @throws MalformedBodyException naming the place and the rule
     */
    public static <T> T readReply(byte[] json, Class<T> type) throws MalformedBodyException {
        return read(LENIENT, json, type);
    }

    /** Writes a body, without white space. */
    public static byte[] write(Object body) {
        return STRICT.writeValueAsBytes(body);
    }

    private static <T> T read(JsonMapper mapper, byte[] json, Class<T> type) throws MalformedBodyException {
        try {
            T body = mapper.readValue(json, type);
            RequiredComponents.check(body);
            return body;
        } catch (JacksonException e) {
            throw new MalformedBodyException(describe(e), e);
        }
    }

    /** The mapper's own words on one line, without Java class names. */
    private static String describe(JacksonException e) {
        String message = e.getOriginalMessage();
        StringBuilder place = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            place.append(
                    step.getPropertyName() == null
                            ? "[" + step.getIndex() + "]"
                            : (place.isEmpty() ? "" : ".") + step.getPropertyName());
        }
        String plain = message == null
                ? "unreadable"
                : message.replaceAll("\\s+", " ")
                        .replaceAll("\\(class [^)]*\\)", "")
                        .replaceAll("`?(?:java|dev\\.lair|tools\\.jackson)\\.[\\w.$<>,\\[\\]]+`?", "the expected type");
        return "the JSON body is not valid" + (place.isEmpty() ? "" : " at `" + place + "`") + ": " + plain;
    }

    private static JsonMapper mapper(boolean strict) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(valueTypes())
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
                .enable(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Integer,
                        config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    private static SimpleModule valueTypes() {
        SimpleModule module = new SimpleModule("lair-values");
        text(module, LogId.class, LogId::parse, LogId::toString);
        text(module, RecordId.class, RecordId::parse, RecordId::toString);
        text(module, Digest.class, Digest::parse, Digest::toString);
        text(module, RootHash.class, RootHash::parse, RootHash::toString);
        text(module, NodeHash.class, NodeHash::parse, NodeHash::toString);
        text(module, KeyId.class, KeyId::parse, KeyId::toString);
        text(module, Signature.class, Signature::parse, Signature::text);
        text(module, byte[].class, StrictBase64::decode, StrictBase64::encode);
        return module;
    }

    private static <T> void text(
            SimpleModule module, Class<T> type, Function<String, T> parse, Function<T, String> format) {
        module.addSerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeString(format.apply(value));
            }
        });
        module.addKeySerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeName(format.apply(value));
            }
        });
        module.addDeserializer(type, new ValueDeserializer<T>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                String text = in.getValueAsString();
                if (text == null
                        || !in.currentToken().isScalarValue()
                        || in.currentToken().isNumeric()) {
                    return context.reportInputMismatch(type, "a text is expected here");
                }
                return parseOrReport(context, type, parse, text);
            }
        });
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return parseOrReport(context, type, parse, key);
            }
        });
    }

    private static <T> T parseOrReport(
            DeserializationContext context, Class<T> type, Function<String, T> parse, String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            return context.reportInputMismatch(type, "%s", e.getMessage());
        }
    }
}

package dev.lair.registry.attestation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that is signed: each member once, none that we do not know, nothing behind the end. Two readers must not understand
 * one signature differently.
 */
final class StrictJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.DEPTH)
                            .maxStringLength(Limits.ENVELOPE_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** How errors call the whole. */
    private final String what;

    StrictJson(String what) {
        this.what = what;
    }

    /** Writes without white space, members in their order. */
    static byte[] write(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    MalformedAttestationException malformed(String rule) {
        return new MalformedAttestationException(what, rule);
    }

    JsonNode read(byte[] json, int limit) {
        if (json.length > limit) {
            throw malformed("it has " + json.length + " bytes, and up to " + limit + " are read");
        }
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            String message = e.getOriginalMessage();
            throw new MalformedAttestationException(
                    what, "no JSON: " + (message == null ? "unreadable" : message.replaceAll("\\s+", " ")), e);
        }
    }

    /** Checks that a node is an object with these members; of the optional ones any may be missing. */
    void requireObject(String place, JsonNode node, Set<String> required, Set<String> optional) {
        if (!node.isObject()) {
            throw malformed(place + " must be an object");
        }
        Set<String> found = new TreeSet<>(node.propertyNames());
        for (String name : required) {
            if (!found.remove(name)) {
                throw malformed(place + " must have a member `" + name + "`");
            }
        }
        found.removeAll(optional);
        if (!found.isEmpty()) {
            throw malformed(place + " has members that this version does not know: " + found);
        }
    }

    /** The text of a member that must be there. */
    String text(String place, JsonNode object, String name) {
        return optionalText(place, object, name)
                .orElseThrow(() -> malformed(place + " must have a member `" + name + "`"));
    }

    Optional<String> optionalText(String place, JsonNode object, String name) {
        JsonNode member = object.get(name);
        if (member == null) {
            return Optional.empty();
        }
        if (!member.isString()) {
            throw malformed("`" + name + "` of " + place + " must be a text");
        }
        return Optional.of(member.stringValue());
    }

    /** The texts of an object whose members' names mean something. */
    List<Map.Entry<String, String>> texts(String place, JsonNode object) {
        if (!object.isObject()) {
            throw malformed(place + " must be an object");
        }
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            texts.add(Map.entry(member.getKey(), text(place, object, member.getKey())));
        }
        return texts;
    }
}

package dev.lair.registry.attestation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An in-toto Statement, version 1: that a predicate holds of subjects, which are named by digests (trusted publishing,
 * section 5).
 *
 * <pre>
 * {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":NAME,"digest":{"sha256":HEX}}],
 *  "predicateType":URI,"predicate":{…}}
 * </pre>
 *
 * <p>{@link #format} writes the members in this order without white space; {@link #parse} reads that back equal, and also
 * what others wrote with white space and in another order. Members that version 1 does not have are refused, those of the
 * predicate are kept: what they mean is for its type to say.
 *
 * @param subjects at least one
 * @param predicateType what the predicate is
 * @param predicate an object
 */
public record InTotoStatement(List<Subject> subjects, String predicateType, JsonNode predicate) {

    /** The type of a DSSE payload that is a statement. */
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final StrictJson JSON = new StrictJson("an in-toto statement");

    /**
     * What the predicate is about.
     *
     * @param name a name that only the predicate's type explains; not empty
     * @param digests by algorithm, at least one, in their order: {@code sha256} and lower-case hex, or what else others use
     */
    public record Subject(String name, Map<String, String> digests) {

        private static final Pattern ALGORITHM = Pattern.compile("[A-Za-z0-9_-]{1,64}");
        private static final Pattern DIGEST = Pattern.compile("[!-~]{1," + Limits.DIGEST_CHARS + "}");

        /** Checks the components; {@link MalformedAttestationException} otherwise. */
        public Subject {
            if (name.isEmpty() || name.length() > Limits.SUBJECT_NAME_CHARS) {
                throw JSON.malformed("a subject's name has 1 to " + Limits.SUBJECT_NAME_CHARS + " characters, this has "
                        + name.length());
            }
            if (digests.isEmpty()) {
                throw JSON.malformed("a subject must have a digest: a name alone says nothing");
            }
            for (Map.Entry<String, String> digest : digests.entrySet()) {
                if (!ALGORITHM.matcher(digest.getKey()).matches()
                        || !DIGEST.matcher(digest.getValue()).matches()) {
                    throw JSON.malformed("a digest is the name of an algorithm and up to " + Limits.DIGEST_CHARS
                            + " visible ASCII characters");
                }
            }
            digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
        }
    }

    /** Checks the components; {@link MalformedAttestationException} otherwise. */
    public InTotoStatement {
        subjects = List.copyOf(subjects);
        if (subjects.isEmpty() || subjects.size() > Limits.SUBJECTS) {
            throw JSON.malformed("a statement has 1 to " + Limits.SUBJECTS + " subjects, this has " + subjects.size());
        }
        if (predicateType.isEmpty() || predicateType.length() > Limits.PREDICATE_TYPE_CHARS) {
            throw JSON.malformed("`predicateType` has 1 to " + Limits.PREDICATE_TYPE_CHARS + " characters");
        }
        if (!predicate.isObject()) {
            throw JSON.malformed("`predicate` must be an object");
        }
        predicate = predicate.deepCopy();
    }

    /** The predicate, which the caller may change. */
    @Override
    public JsonNode predicate() {
        return predicate.deepCopy();
    }

    /**
     * Reads a statement.
     *
     * @throws MalformedAttestationException when it is none, naming the place and the rule
     */
    public static InTotoStatement parse(byte[] json) {
        JsonNode node = JSON.read(json, Limits.STATEMENT_BYTES);
        JSON.requireObject("it", node, Set.of("_type", "subject", "predicateType", "predicate"), Set.of());
        String type = JSON.text("it", node, "_type");
        if (!type.equals(TYPE)) {
            throw JSON.malformed("`_type` must be " + TYPE);
        }
        JsonNode list = node.get("subject");
        if (!list.isArray()) {
            throw JSON.malformed("`subject` must be a list");
        }
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode subject : list) {
            JSON.requireObject("a subject", subject, Set.of("name", "digest"), Set.of());
            Map<String, String> digests = new LinkedHashMap<>();
            JSON.texts("a subject's digest", subject.get("digest"))
                    .forEach(one -> digests.put(one.getKey(), one.getValue()));
            subjects.add(new Subject(JSON.text("a subject", subject, "name"), digests));
        }
        return new InTotoStatement(subjects, JSON.text("it", node, "predicateType"), node.get("predicate"));
    }

    /** The text, in UTF-8. */
    public byte[] format() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("_type", TYPE);
        ArrayNode list = node.putArray("subject");
        for (Subject subject : subjects) {
            ObjectNode one = list.addObject();
            one.put("name", subject.name());
            ObjectNode digest = one.putObject("digest");
            subject.digests().forEach(digest::put);
        }
        node.put("predicateType", predicateType);
        node.set("predicate", predicate);
        return StrictJson.write(node);
    }
}

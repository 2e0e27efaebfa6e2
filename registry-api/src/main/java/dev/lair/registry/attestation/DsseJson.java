package dev.lair.registry.attestation;

import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.signing.dsse.MalformedDsseException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.util.Arrays;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of a DSSE envelope, as the registry keeps and serves it:
 *
 * <pre>
 * {"payload":"BASE64","payloadType":"TYPE","signatures":[{"keyid":"ID","sig":"BASE64"}]}
 * </pre>
 *
 * <p>One envelope has one text: members in this order, no white space, padded standard base64, exactly one signature,
 * {@code keyid} left out when it is empty. So an envelope has one digest, which the evidence log states, wherever it was
 * kept meanwhile. DSSE lets writers choose more freely (URL-safe base64, other members, many signatures); envelopes of
 * others that do are refused here. {@link #parse} and {@link #format} are inverses.
 */
public final class DsseJson {

    /** The content type of an envelope by itself. */
    public static final String CONTENT_TYPE = "application/vnd.dsse.envelope.v1+json";

    private static final String WHAT = "a DSSE envelope";
    private static final StrictJson JSON = new StrictJson(WHAT);

    private DsseJson() {}

    /** The text, in UTF-8. */
    public static byte[] format(DsseEnvelope envelope) {
        return StrictJson.write(node(envelope));
    }

    /** The envelope as a part of a larger document; {@link #read} is the inverse. */
    public static JsonNode node(DsseEnvelope envelope) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("payload", StrictBase64.encode(envelope.payload()));
        node.put("payloadType", envelope.payloadType());
        ObjectNode signature = node.putArray("signatures").addObject();
        if (!envelope.keyId().isEmpty()) {
            signature.put("keyid", envelope.keyId());
        }
        signature.put("sig", StrictBase64.encode(envelope.signature()));
        return node;
    }

    /** SHA-256 of {@link #format}: the digest that the evidence log states. */
    public static Digest digest(DsseEnvelope envelope) {
        return Digest.of(format(envelope));
    }

    /**
     * Inverse of {@link #format}; verifies nothing.
     *
     * @throws MalformedAttestationException for any other bytes, naming the place and the rule
     */
    public static DsseEnvelope parse(byte[] json) {
        DsseEnvelope envelope = read(JSON.read(json, Limits.ENVELOPE_BYTES));
        if (!Arrays.equals(format(envelope), json)) {
            throw JSON.malformed("it is not in its one form: members in the order payload, payloadType, signatures,"
                    + " no white space, no needless escapes");
        }
        return envelope;
    }

    /**
     * The envelope that a part of a larger document is. The document's white space and order do not matter:
     * {@link #digest} is that of the one form.
     *
     * @throws MalformedAttestationException when it is none
     */
    public static DsseEnvelope read(JsonNode node) {
        JSON.requireObject("it", node, Set.of("payload", "payloadType", "signatures"), Set.of());
        JsonNode signatures = node.get("signatures");
        if (!signatures.isArray() || signatures.size() != 1) {
            throw JSON.malformed("`signatures` must be a list of exactly one");
        }
        JsonNode signature = signatures.get(0);
        JSON.requireObject("its signature", signature, Set.of("sig"), Set.of("keyid"));
        String keyId = JSON.optionalText("its signature", signature, "keyid").orElse("");
        if (keyId.isEmpty() && signature.has("keyid")) {
            throw JSON.malformed("an empty `keyid` is left out");
        }
        try {
            return new DsseEnvelope(
                    JSON.text("it", node, "payloadType"),
                    bytes("payload", JSON.text("it", node, "payload")),
                    keyId,
                    bytes("sig", JSON.text("its signature", signature, "sig")));
        } catch (MalformedDsseException e) {
            throw new MalformedAttestationException(WHAT, String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] bytes(String member, String base64) {
        try {
            return StrictBase64.decode(base64);
        } catch (MalformedBase64Exception e) {
            throw JSON.malformed("`" + member + "` is " + e.getMessage());
        }
    }
}

package dev.lair.registry.attestation;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Signer;
import dev.lair.signing.Verifier;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the registry states about a release that it took: who published it, as the registry knew at that moment, and where
 * the record is. An in-toto statement (section 5 of trusted publishing); the subject is {@code ns:name@version} with the
 * content's digest, the predicate is
 *
 * <pre>
 * {"registry":URL,"package":"ns:name","version":"1.2.3","logId":"sha256:…","recordId":"sha256:…",
 *  "leafIndex":7,                           left out when it is not known
 *  "readme":"sha256:…",                     left out when there is none
 *  "publisher":{"kind":"trusted","issuer":URL,"claims":{"repository":"o/r",…},"tokenId":"tok_…"},
 *  "publishedAt":"2026-01-02T03:04:05Z"}
 * </pre>
 *
 * <p>It says where a release came from, not that it is safe. One attestation has one text, so {@link #parse} refuses white
 * space, another order, members that it does not know, and repetitions that contradict each other (subject and package, log
 * id and name). {@link #parse} and {@link #format} are inverses.
 *
 * @param registry public URL of the registry that states this
 * @param packageName the package
 * @param version of the release
 * @param content digest of the bytes released
 * @param recordId the record that released them
 * @param leafIndex where the record stands in the main log; empty when it was not known yet
 * @param readme digest of the README that was published with it
 * @param publisher who published
 * @param publishedAt when the registry took it, in whole seconds; what is below is cut off
 */
public record PublishAttestation(
        String registry,
        PackageName packageName,
        SemVer version,
        Digest content,
        RecordId recordId,
        OptionalLong leafIndex,
        Optional<Digest> readme,
        PublisherIdentity publisher,
        Instant publishedAt) {

    /** The type of the predicate. */
    public static final String PREDICATE_TYPE = "https://lair.dev/attestations/publish/v1";

    private static final StrictJson JSON = new StrictJson("a publish attestation");
    private static final String SHA256 = "sha256";

    /** Checks what the components may be; {@link MalformedAttestationException} otherwise. */
    public PublishAttestation {
        PublisherIdentity.requireText("`registry`", registry, Limits.URL_CHARS);
        if (leafIndex.isPresent() && leafIndex.getAsLong() < 0) {
            throw JSON.malformed("`leafIndex` must not be negative, got " + leafIndex.getAsLong());
        }
        publishedAt = publishedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The log of the package. */
    public LogId logId() {
        return packageName.logId();
    }

    /**
     * Signs this as the registry.
     *
     * @throws dev.lair.signing.SigningFailedException when the key cannot be used now
     */
    public DsseEnvelope sign(Signer signer) {
        return DsseEnvelope.sign(InTotoStatement.PAYLOAD_TYPE, format(), signer);
    }

    /**
     * Verifies an envelope and reads it; nothing of it is read before.
     *
     * @param key the registry's key of attestations
     * @throws MalformedAttestationException when the key did not sign it, or it is no publish attestation
     */
    public static PublishAttestation open(DsseEnvelope envelope, PublicKey key, Verifier verifier) {
        if (!envelope.isSignedBy(key, verifier)) {
            throw JSON.malformed("its envelope is not signed by key " + key.keyId());
        }
        if (!envelope.payloadType().equals(InTotoStatement.PAYLOAD_TYPE)) {
            throw JSON.malformed("the envelope's type must be " + InTotoStatement.PAYLOAD_TYPE);
        }
        return parse(envelope.payload());
    }

    /** The statement, in UTF-8. */
    public byte[] format() {
        ObjectNode predicate = JsonNodeFactory.instance.objectNode();
        predicate.put("registry", registry);
        predicate.put("package", packageName.toString());
        predicate.put("version", version.toString());
        predicate.put("logId", logId().toString());
        predicate.put("recordId", recordId.toString());
        leafIndex.ifPresent(index -> predicate.put("leafIndex", index));
        readme.ifPresent(digest -> predicate.put("readme", digest.toString()));
        predicate.set("publisher", publisher.node());
        predicate.put("publishedAt", publishedAt.toString());
        return new InTotoStatement(
                        List.of(new InTotoStatement.Subject(subject(), Map.of(SHA256, content.hex()))),
                        PREDICATE_TYPE,
                        predicate)
                .format();
    }

    private String subject() {
        return packageName + "@" + version;
    }

    /**
     * Inverse of {@link #format}; verifies no signature.
     *
     * @throws MalformedAttestationException for any other bytes, naming the place and the rule
     */
    public static PublishAttestation parse(byte[] statement) {
        InTotoStatement parsed = InTotoStatement.parse(statement);
        if (!parsed.predicateType().equals(PREDICATE_TYPE)) {
            throw JSON.malformed("`predicateType` must be " + PREDICATE_TYPE);
        }
        if (parsed.subjects().size() != 1) {
            throw JSON.malformed("it must have one subject");
        }
        PublishAttestation attestation;
        try {
            attestation = read(parsed.subjects().getFirst(), parsed.predicate());
        } catch (MalformedNameException | MalformedVersionException | MalformedDigestException e) {
            throw new MalformedAttestationException("a publish attestation", String.valueOf(e.getMessage()), e);
        }
        // Subject, log id, order, white space and spelling of numbers and times at once.
        if (!Arrays.equals(attestation.format(), statement)) {
            throw JSON.malformed("it is not in its one form, or its subject or log id is not that of the package");
        }
        return attestation;
    }

    private static PublishAttestation read(InTotoStatement.Subject subject, JsonNode predicate) {
        String place = "the predicate";
        JSON.requireObject(
                place,
                predicate,
                Set.of("registry", "package", "version", "logId", "recordId", "publisher", "publishedAt"),
                Set.of("leafIndex", "readme"));
        String digest = subject.digests().get(SHA256);
        if (digest == null) {
            throw JSON.malformed("its subject must have a digest `" + SHA256 + "`");
        }
        return new PublishAttestation(
                JSON.text(place, predicate, "registry"),
                PackageName.parse(JSON.text(place, predicate, "package")),
                SemVer.parse(JSON.text(place, predicate, "version")),
                Digest.parseHexOnly(digest),
                RecordId.parse(JSON.text(place, predicate, "recordId")),
                leafIndex(predicate),
                JSON.optionalText(place, predicate, "readme").map(Digest::parse),
                PublisherIdentity.read(predicate.get("publisher")),
                time(JSON.text(place, predicate, "publishedAt")));
    }

    private static OptionalLong leafIndex(JsonNode predicate) {
        JsonNode index = predicate.get("leafIndex");
        if (index == null) {
            return OptionalLong.empty();
        }
        if (!index.isIntegralNumber() || !index.canConvertToLong()) {
            throw JSON.malformed("`leafIndex` must be a number below 2^63");
        }
        return OptionalLong.of(index.longValue());
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw JSON.malformed("`publishedAt` is not a time like 2026-01-01T00:00:00Z");
        }
    }
}

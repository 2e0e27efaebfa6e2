package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies of publishing over HTTP. */
public final class PublishDocuments {

    private PublishDocuments() {}

    /**
     * Where a release that was asked for stands.
     *
     * @param state {@code processing}, {@code published}, or {@code rejected} with a {@code problem}
     * @param statusUrl where to ask again
     * @param recordId of the record that the registry signed; null until it did
     * @param digest of the content that is released: of WIT texts that of the binary that was built
     * @param leafIndex of the record in the log; null until it is published
     * @param problem why it was rejected
     */
    public record Release(
            String name,
            String version,
            String state,
            String statusUrl,
            @Nullable String recordId,
            String digest,
            @Nullable Long leafIndex,
            @Nullable Rejection problem) {}

    /** Why a release was rejected, in the registry's words. */
    public record Rejection(String detail, String hint) {}

    /**
     * An upload in parts: PUT {@code content} and perhaps {@code readme} below the URL, then POST {@code publish} there.
     *
     * @param expiresAt when it is forgotten, RFC 3339
     */
    public record Upload(String uploadUrl, String expiresAt) {}

    /**
     * The key that the registry holds for a package, in warg's spelling: an author lets it release by granting it that.
     *
     * @param state {@code none} where the registry may not release, {@code custodial} where its key is the only one, else
     *     {@code granted}
     */
    public record Custody(String publicKey, String keyId, String state) {}

    /** The record that the registry signed. */
    public record SignedRecord(String recordId) {}

    /** What holds for one package, whatever its namespace says. */
    public record PackageRules(Boolean trustedOnly) {

        public PackageRules {
            AccountDocuments.require(trustedOnly, "trustedOnly");
        }
    }

    /** The owner's own key, which takes a package over. */
    public record Takeover(String publicKey) {

        public Takeover {
            AccountDocuments.require(publicKey, "publicKey");
        }
    }

    /**
     * What the registry stated about a release; the envelopes are DSSE in their one form, which the evidence log states the
     * digest of.
     *
     * @param keys that sign attestations now, in warg's spelling
     */
    public record Attestations(List<Attested> attestations, List<String> keys) {}

    /**
     * One of them.
     *
     * @param digest of the envelope in its one form
     * @param evidenceIndex of its entry in the evidence log; null until it is there
     */
    public record Attested(
            String payload,
            String payloadType,
            List<EnvelopeSignature> signatures,
            String digest,
            @Nullable Long evidenceIndex) {}

    /** The signature of an envelope. */
    public record EnvelopeSignature(String keyid, String sig) {}
}

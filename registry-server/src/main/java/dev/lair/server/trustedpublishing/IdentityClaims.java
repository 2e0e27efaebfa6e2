package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.SortedMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a token says about the job that shows it, by the kind of its issuer. {@code sub} of GitHub and GitLab is not read: its
 * form is the forge's, and may be changed by each repository.
 */
sealed interface IdentityClaims permits ForgeClaims, GenericClaims {

    /**
     * Reads the claims of an issuer of this kind; others are passed over.
     *
     * @throws ExchangeRefused malformed_token, naming the claim that is missing or of another type
     */
    static IdentityClaims read(IssuerKind kind, ObjectNode claims) throws ExchangeRefused {
        ClaimReader reader = new ClaimReader(claims);
        return switch (kind) {
            case GITHUB -> GithubClaims.read(reader);
            case GITLAB -> GitlabClaims.read(reader);
            case GENERIC -> GenericClaims.read(claims);
        };
    }

    /** The kind of issuer that has such claims. */
    IssuerKind kind();

    /** By their names, for attestations and for people: those that a match may look at, and which run it was. */
    SortedMap<String, String> shown();
}

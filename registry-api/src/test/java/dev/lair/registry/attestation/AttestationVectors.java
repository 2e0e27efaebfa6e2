package dev.lair.registry.attestation;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Two attestations, with all that one can have and with the least; their files are in {@code resources/attestation}. */
final class AttestationVectors {

    /** Signs deterministically, so that the envelopes are files too. */
    static final PrivateKey KEY = PrivateKey.parse("ecdsa-p256:" + "I+M4Vf4bOT2O0xPRMHJsSOmjnZMmkWDD7OAbY46Hmz0=");

    static final PublishAttestation TRUSTED = new PublishAttestation(
            "https://registry.example",
            PackageName.parse("acme:http-client"),
            SemVer.parse("1.2.3-rc.1"),
            Digest.of(utf8("content")),
            RecordId.ofBytes(Digest.of(utf8("record")).bytes()),
            OptionalLong.of(35_225_469),
            Optional.of(Digest.of(utf8("# README"))),
            new PublisherIdentity(
                    PublisherIdentity.Kind.TRUSTED,
                    Optional.of("https://token.actions.githubusercontent.com"),
                    claims(),
                    Optional.of("tok_abcdefghijklmnop")),
            Instant.parse("2026-01-02T03:04:05Z"));

    static final PublishAttestation BY_KEY = new PublishAttestation(
            "https://registry.example",
            PackageName.parse("acme:http-client"),
            SemVer.parse("0.1.0"),
            Digest.of(utf8("content")),
            RecordId.ofBytes(Digest.of(utf8("record")).bytes()),
            OptionalLong.empty(),
            Optional.empty(),
            new PublisherIdentity(PublisherIdentity.Kind.KEY, Optional.empty(), Map.of(), Optional.empty()),
            Instant.parse("2026-01-02T03:04:00Z"));

    private AttestationVectors() {}

    private static Map<String, String> claims() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("repository", "acme/http-client");
        claims.put("repository_id", "4711");
        claims.put("repository_owner_id", "42");
        claims.put("workflow_ref", "acme/http-client/.github/workflows/publish.yml@refs/tags/v1.2.3-rc.1");
        claims.put("environment", "Veröffentlichung");
        claims.put("sha", "0123456789abcdef0123456789abcdef01234567");
        return claims;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of a file; with {@code -Dbless} they are written first, so that review sees the difference. */
    static byte[] file(String name, byte[] made) {
        Path file = Path.of("src", "test", "resources", "attestation", name);
        try {
            if (System.getProperty("bless") != null) {
                Files.createDirectories(file.getParent());
                Files.write(file, made);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.lair.registry.attestation;

import static dev.lair.registry.attestation.AttestationVectors.KEY;
import static dev.lair.registry.attestation.AttestationVectors.TRUSTED;
import static dev.lair.registry.attestation.AttestationVectors.file;
import static dev.lair.registry.attestation.AttestationVectors.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.EcdsaP256;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DsseJsonTest {

    private static final DsseEnvelope SMALL = new DsseEnvelope("text/x", utf8("hello"), "me", new byte[] {1, 2, 3});
    private static final String TEXT =
            "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"keyid\":\"me\",\"sig\":\"AQID\"}]}";

    @Test
    void envelopeHasOneText() {
        assertThat(new String(DsseJson.format(SMALL), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        assertThat(DsseJson.parse(utf8(TEXT))).isEqualTo(SMALL);
        assertThat(DsseJson.digest(SMALL)).isEqualTo(Digest.of(utf8(TEXT)));
        DsseEnvelope unnamed = new DsseEnvelope("text/x", new byte[0], "", new byte[] {1});
        assertThat(new String(DsseJson.format(unnamed), StandardCharsets.UTF_8))
                .isEqualTo("{\"payload\":\"\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQ==\"}]}");
        assertThat(DsseJson.parse(DsseJson.format(unnamed))).isEqualTo(unnamed);
    }

    @Test
    void signedAttestationIsTheFileBesideThisTest() {
        DsseEnvelope envelope = TRUSTED.sign(KEY);
        byte[] stored = file("trusted.dsse.json", DsseJson.format(envelope));
        assertThat(DsseJson.parse(stored)).isEqualTo(envelope);
        assertThat(PublishAttestation.open(DsseJson.parse(stored), KEY.publicKey(), EcdsaP256.INSTANCE))
                .isEqualTo(TRUSTED);
    }

    /** Flipped, cut and extended at each byte: nothing of it opens. */
    @Test
    void anyAlteredByteOfASignedAttestationIsRefused() {
        byte[] honest = DsseJson.format(TRUSTED.sign(KEY));
        for (int at = 0; at < honest.length; at++) {
            byte[] flipped = honest.clone();
            flipped[at] ^= (byte) (at % 2 == 0 ? 0x01 : 0x20);
            refusedOrUnsigned(flipped);
            refusedOrUnsigned(Arrays.copyOf(honest, at));
        }
        for (String more : new String[] {" ", "\n", "}", "{}", "\0"}) {
            refusedOrUnsigned(utf8(new String(honest, StandardCharsets.UTF_8) + more));
            refusedOrUnsigned(utf8(more + new String(honest, StandardCharsets.UTF_8)));
        }
    }

    private static void refusedOrUnsigned(byte[] altered) {
        assertThatThrownBy(() -> PublishAttestation.open(DsseJson.parse(altered), KEY.publicKey(), EcdsaP256.INSTANCE))
                .as(new String(altered, StandardCharsets.ISO_8859_1))
                .isInstanceOf(MalformedAttestationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":{\"sig\":\"AQID\"}}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"},{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\",\"cert\":\"x\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\",\"keyid\":\"\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"keyid\":\"me\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"keyid\":1,\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG9=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"-_8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}],\"x\":1}",
                "{\"payloadType\":\"text/x\",\"payload\":\"aGVsbG8=\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"text\\/x\",\"signatures\":[{\"sig\":\"AQID\"}]}",
                "{\"payload\": \"aGVsbG8=\",\"payloadType\":\"text/x\",\"signatures\":[{\"sig\":\"AQID\"}]}"
            })
    void otherShapesAreRefused(String json) {
        assertThatThrownBy(() -> DsseJson.parse(utf8(json))).isInstanceOf(MalformedAttestationException.class);
    }

    @Test
    void envelopeInsideALargerDocumentHasTheSameDigest() {
        String document = "{ \"attestations\": [ { \"signatures\" : [ { \"sig\": \"AQID\", \"keyid\": \"me\" } ],"
                + " \"payloadType\": \"text/x\", \"payload\": \"aGVsbG8=\" } ] }";
        DsseEnvelope read = DsseJson.read(
                new JsonMapper().readTree(document).get("attestations").get(0));
        assertThat(read).isEqualTo(SMALL);
        assertThat(DsseJson.digest(read)).isEqualTo(Digest.of(utf8(TEXT)));
        assertThat(DsseJson.read(DsseJson.node(SMALL))).isEqualTo(SMALL);
    }

    @Test
    void secondSignatureIsRefusedInsideALargerDocumentToo() {
        String two = TEXT.replace("}]}", "},{\"sig\":\"AQID\"}]}");
        assertThatThrownBy(() -> DsseJson.read(new JsonMapper().readTree(two)))
                .isInstanceOf(MalformedAttestationException.class)
                .hasMessageContaining("exactly one");
    }

    @Test
    void envelopeBeyondItsSizeIsRefused() {
        DsseEnvelope largest = new DsseEnvelope("x".repeat(255), new byte[256 * 1024], "k".repeat(255), new byte[1024]);
        assertThat(DsseJson.parse(DsseJson.format(largest))).isEqualTo(largest);
        assertThatThrownBy(() -> DsseJson.parse(new byte[360 * 1024 + 1]))
                .isInstanceOf(MalformedAttestationException.class)
                .hasMessageContaining("up to 368640 are read");
    }

    @Test
    void deepDocumentIsRefused() {
        byte[] deep = utf8("[".repeat(33) + "]".repeat(33));
        assertThatThrownBy(() -> DsseJson.parse(deep)).isInstanceOf(MalformedAttestationException.class);
    }
}

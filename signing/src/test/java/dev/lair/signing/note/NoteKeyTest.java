package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.Alterations;
import dev.lair.signing.SeededRandom;
import dev.lair.transparency.Digest;
import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** c2sp.org/signed-note, "Verifier keys" and "Signature types"; the private form of Go's note package. */
class NoteKeyTest {

    private static final NoteKey GO =
            NoteKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

    @Test
    void partsOfAKeyAreThoseOfItsText() {
        assertThat(GO.name()).isEqualTo("PeterNeumann");
        assertThat(GO.keyId()).isEqualTo(0xc74f20a3);
        assertThat(GO.keyIdHex()).isEqualTo("c74f20a3");
        assertThat(GO.type()).hasValue(NoteKeyType.ED25519);
        assertThat(GO.typeCode()).isEqualTo(1);
        assertThat(GO.publicKey()).hasSize(32);
        assertThat(NoteKey.of(NoteKeyType.ED25519, "PeterNeumann", GO.publicKey()))
                .isEqualTo(GO)
                .hasSameHashCodeAs(GO)
                .hasToString(GO.text());
    }

    @Test
    void oneKeyUnderAnotherNameOrTypeHasAnotherId() {
        NoteKey renamed = NoteKey.of(NoteKeyType.ED25519, "Peter", GO.publicKey());
        NoteKey retyped = NoteKey.of(NoteKeyType.COSIGNATURE_ED25519, "PeterNeumann", GO.publicKey());
        assertThat(List.of(renamed.keyId(), retyped.keyId())).doesNotContain(GO.keyId());
        assertThat(renamed).isNotEqualTo(GO);
        assertThat(renamed.wrapsSameKey(GO) && retyped.wrapsSameKey(GO)).isTrue();
    }

    @Test
    void eachDamagedCharacterIsRefused() {
        for (NoteKey key : List.of(GO, NoteVectors.WITNESS_1.key(), NoteVectors.WITNESS_2.key())) {
            for (byte[] altered : Alterations.of(NoteText.utf8(key.text()))) {
                String text = new String(altered, StandardCharsets.ISO_8859_1);
                // Changed to a type that is not known here, a key is kept as it stands; it verifies nothing.
                try {
                    NoteKey read = NoteKey.parse(text);
                    assertThat(read.type()).as(text).isEmpty();
                    assertThat(read.text()).isEqualTo(text);
                } catch (MalformedNoteKeyException expected) {
                    // refused
                }
            }
        }
    }

    @Test
    void keysOfOtherTypesAreKeptAndVerifyNothing() throws NoteRejected {
        for (int code : new int[] {0x00, 0x02, 0x03, 0x05, 0x07, 0xfa, 0xff}) {
            byte[] bytes = new byte[40];
            bytes[0] = (byte) code;
            String text = "log.example+0000002a+" + StrictBase64.encode(bytes);
            NoteKey key = NoteKey.parse(text);
            assertThat(key.text()).isEqualTo(text);
            assertThat(key.typeCode()).isEqualTo(code);
            assertThat(key.type()).isEmpty();
            NoteSignature signature = new NoteSignature("log.example", 0x2a, new byte[64]);
            SignedNote note = new SignedNote("text\n", List.of(signature));
            assertThatThrownBy(() -> note.verify(List.of(key)))
                    .isInstanceOf(NoteRejected.class)
                    .extracting(e -> ((NoteRejected) e).reason())
                    .isEqualTo(NoteRejected.Reason.NO_TRUSTED_SIGNATURE);
            // Beside a key that can be verified it does not matter.
            SignedNote both = note.with(NoteVectors.LOG.signer().sign("text\n", 1));
            assertThat(both.verify(List.of(key, NoteVectors.LOG.key()))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PeterNeumann",
                "PeterNeumann+c74f20a3",
                "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+",
                "PeterNeumann+c74f20a3+AQ==",
                "PeterNeumann+c74f20a3+/w==",
                "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
                "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
            })
    void otherTextsAreRefusedWithoutRepeatingThem(String text) {
        assertThatThrownBy(() -> NoteKey.parse(text))
                .isInstanceOf(MalformedNoteKeyException.class)
                .message()
                .doesNotContain("ARpc", "AYEK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a+b",
                "a\tb",
                "a\nb",
                "a\u0085",
                "\u00a0",
                "a\u1680b",
                "\u2003",
                "a\u2028",
                "a\u2029",
                "\u202f",
                "\u205f",
                "\u3000",
                "a\0",
                "a\u001f",
                "half \ud800",
                "\udc00"
            })
    void namesWithoutUnicodeSpacePlusOrControlOnly(String name) {
        assertThatThrownBy(() -> NoteKey.of(NoteKeyType.ED25519, name, GO.publicKey()))
                .isInstanceOf(MalformedNoteKeyException.class);
        assertThatThrownBy(() -> new NoteSignature(name, 1, new byte[1])).isInstanceOf(MalformedNoteException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "registry.example/log", "ö.example", "log—dash", "日本", "a\u200bb", "oid/1.2.3", "😀"})
    void otherNamesAreAllowed(String name) throws NoteRejected {
        NotePrivateKey key = NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ML_DSA_44, name, new byte[32]);
        assertThat(NoteKey.parse(key.key().text())).isEqualTo(key.key());
        SignedNote note = SignedNote.sign(NoteVectors.checkpointText(8).format(), 1, List.of(key.signer()));
        assertThat(SignedNote.parse(note.bytes()).verify(List.of(key.key()))).hasSize(1);
    }

    @Test
    void longestNameHas255Bytes() {
        String longest = "ö".repeat(127) + "a";
        assertThat(NoteKey.of(NoteKeyType.ED25519, longest, GO.publicKey()).name())
                .isEqualTo(longest);
        assertThatThrownBy(() -> NoteKey.of(NoteKeyType.ED25519, "ö".repeat(128), GO.publicKey()))
                .isInstanceOf(MalformedNoteKeyException.class)
                .hasMessageContaining("255");
    }

    /** The neutral element signs anything: a key whose secret everybody knows. */
    @Test
    void ed25519PointsOfSmallOrderAndOffTheCurveAreRefused() {
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        byte[] orderFour = new byte[32];
        byte[] offTheCurve = new byte[32];
        offTheCurve[0] = 2;
        byte[] orderEight = NoteVectors.hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
        for (byte[] point : List.of(neutral, orderFour, offTheCurve, orderEight)) {
            assertThatThrownBy(() -> NoteKey.of(NoteKeyType.ED25519, "log", point))
                    .isInstanceOf(MalformedNoteKeyException.class)
                    .hasMessageContaining("point");
        }
    }

    @Test
    void publicKeysOfOtherLengthsAreRefused() {
        for (NoteKeyType type : NoteKeyType.values()) {
            for (int length : new int[] {0, 1, 31, 33, 1311, 1313}) {
                assertThatThrownBy(() -> NoteKey.of(type, "log", new byte[length]))
                        .isInstanceOf(MalformedNoteKeyException.class)
                        .hasMessageContaining("bytes, not " + length);
            }
        }
    }

    // Private keys.

    @ParameterizedTest
    @EnumSource(NoteKeyType.class)
    void generatedKeysReadBackAndSignTheSame(NoteKeyType type) {
        SeededRandom random = new SeededRandom("note keys");
        NotePrivateKey key = NotePrivateKey.generate(type, "log.example", random);
        NotePrivateKey other = NotePrivateKey.generate(type, "log.example", random);
        assertThat(other.key()).isNotEqualTo(key.key());
        NotePrivateKey read = NotePrivateKey.parse(key.text());
        assertThat(read.text()).isEqualTo(key.text());
        assertThat(read.key()).isEqualTo(key.key());
        assertThat(read.type()).isEqualTo(type);
        String text = NoteVectors.checkpointText(8).format();
        assertThat(read.signer().sign(text, 7)).isEqualTo(key.signer().sign(text, 7));
        assertThat(NotePrivateKey.ofSeed(type, "log.example", key.seed()).key()).isEqualTo(key.key());
    }

    @ParameterizedTest
    @EnumSource(NoteKeyType.class)
    void nothingButTextAndSeedShowsTheSecret(NoteKeyType type) {
        NotePrivateKey key = NotePrivateKey.generate(type, "log.example", new SeededRandom("secret"));
        String secret = key.text().split("\\+", 5)[4];
        for (Object shown : List.of(key, key.signer(), key.key(), key.key().text())) {
            assertThat(shown.toString()).contains("log.example").doesNotContain(secret.substring(0, 20));
        }
        assertThat(key.signer().toString())
                .isEqualTo("NoteSigner[log.example+" + key.key().keyIdHex() + "]");
        byte[] seed = key.seed();
        seed[0] ^= 1;
        assertThat(key.seed()).isNotEqualTo(seed);
    }

    @Test
    void eachDamagedCharacterOfAPrivateKeyIsRefusedWithoutRepeatingIt() {
        String honest = NoteVectors.LOG.text();
        for (byte[] altered : Alterations.of(NoteText.utf8(honest))) {
            String text = new String(altered, StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> NotePrivateKey.parse(text))
                    .as(text)
                    .isInstanceOf(MalformedNoteKeyException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("AAECAwQF");
        }
    }

    @Test
    void privateKeysOfOtherTypesAndLengthsAreRefused() {
        for (int length : new int[] {0, 1, 31, 33, 64, 2560}) {
            assertThatThrownBy(() -> NotePrivateKey.ofSeed(NoteKeyType.ED25519, "log", new byte[length]))
                    .isInstanceOf(MalformedNoteKeyException.class);
        }
        String two = "PRIVATE+KEY+log+00000000+" + StrictBase64.encode(new byte[] {2, 0});
        assertThatThrownBy(() -> NotePrivateKey.parse(two))
                .isInstanceOf(MalformedNoteKeyException.class)
                .hasMessageContaining("not 2");
        assertThatThrownBy(() -> NotePrivateKey.parse("PRIVATE+KEY+log+00000000+"))
                .isInstanceOf(MalformedNoteKeyException.class);
    }

    @Test
    void cosignaturesNeedATime() {
        String text = NoteVectors.checkpointText(8).format();
        for (NotePrivateKey key : List.of(NoteVectors.WITNESS_1, NoteVectors.WITNESS_2)) {
            for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> key.signer().sign(text, time)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(NoteVectors.LOG.signer().sign(text, 0))
                .isEqualTo(NoteVectors.LOG.signer().sign(text, 1));
    }

    @Test
    void keyIdIsTheStartOfTheHashOfNameTypeAndKey() {
        Digest hash = Digest.of(NoteText.utf8("PeterNeumann\n"), new byte[] {1}, GO.publicKey());
        assertThat(hash.hex()).startsWith("c74f20a3");
    }
}

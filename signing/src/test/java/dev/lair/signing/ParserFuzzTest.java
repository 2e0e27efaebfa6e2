package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parser gets tens of thousands of damaged inputs: it returns what it would write, or its typed rejection. */
class ParserFuzzTest {

    private static final int ROUNDS = 20_000;

    /** A parser followed by its inverse. */
    private interface Cycle {
        byte[] run(byte[] input) throws IOException;
    }

    /** A parser, its rejections, and a valid input to damage. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Target(String name, Cycle cycle, byte[] seed, List<Class<?>> rejections) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Target> parsers() {
        PrivateKey key = WargVectors.ALICE;
        AesGcm.Box box = new AesGcm.Box(new byte[12], new byte[48]);
        KeyStore.Entry entry = new KeyStore.Entry(new KeyLabel("alice"), key.publicKey(), Instant.EPOCH);
        SignedRecord record = SignedRecord.sign(RecordDomain.PACKAGE, new byte[40], key);
        List<Class<?>> badKey = List.of(MalformedKeyException.class);
        List<Class<?>> badStore = List.of(DamagedKeyStoreException.class);
        return List.of(
                new Target(
                        "public key",
                        in -> bytes(compressedOnly(text(in))),
                        bytes(key.publicKey().text()),
                        badKey),
                new Target(
                        "SEC1 point",
                        in -> PublicKey.ofSec1(in).sec1(),
                        key.publicKey().sec1(),
                        badKey),
                new Target(
                        "uncompressed point",
                        in -> PublicKey.ofSec1(in).parameters().getQ().getEncoded(in.length == 33),
                        key.publicKey().parameters().getQ().getEncoded(false),
                        badKey),
                new Target("private key", in -> bytes(PrivateKey.parse(text(in)).text()), bytes(key.text()), badKey),
                new Target(
                        "key id",
                        in -> bytes(KeyId.parse(text(in)).toString()),
                        bytes(key.keyId().toString()),
                        badKey),
                new Target("key label", in -> bytes(new KeyLabel(text(in)).value()), bytes("alice.laptop-2"), badKey),
                new Target(
                        "signature",
                        in -> bytes(Signature.parse(text(in)).text()),
                        bytes(record.signature().text()),
                        List.of(MalformedSignatureException.class)),
                new Target(
                        "DER",
                        in -> Signature.ofDer(in).der(),
                        record.signature().der(),
                        List.of(MalformedSignatureException.class)),
                new Target(
                        "base64",
                        in -> bytes(StrictBase64.encode(StrictBase64.decode(text(in)))),
                        bytes("SGVsbG8sIExhaXIhIQ=="),
                        List.of(MalformedBase64Exception.class)),
                new Target(
                        "envelope",
                        in -> EnvelopeCodec.format(EnvelopeCodec.parse(in)),
                        EnvelopeCodec.format(record),
                        List.of(MalformedEnvelopeException.class)),
                new Target(
                        "sealed key",
                        in -> SealedKeyCodec.format(SealedKeyCodec.parse(SealedKeyCodec.Kind.OWN, in)),
                        SealedKeyCodec.format(new SealedKeyCodec.SealedKey(SealedKeyCodec.Kind.OWN, entry, box)),
                        badStore),
                new Target(
                        "key store header, passphrase",
                        in -> KeyStoreHeaderCodec.format(KeyStoreHeaderCodec.parse(in)),
                        KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(
                                new KeyStoreHeaderCodec.Argon2id(Argon2Cost.DEFAULT, new byte[16]), box)),
                        badStore),
                new Target(
                        "key store header, raw key",
                        in -> KeyStoreHeaderCodec.format(KeyStoreHeaderCodec.parse(in)),
                        KeyStoreHeaderCodec.format(
                                new KeyStoreHeaderCodec.Header(new KeyStoreHeaderCodec.RawKey(), box)),
                        badStore));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void damagedInputIsRefusedByTypeOrReadAsItself(Target target) throws IOException {
        assertThat(target.cycle().run(target.seed())).isEqualTo(target.seed());
        Random random = new Random(target.name().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            byte[] input = Damage.of(target.seed(), random);
            try {
                assertThat(target.cycle().run(input)).isEqualTo(input);
            } catch (IOException | RuntimeException e) {
                assertThat(target.rejections())
                        .as("round %d threw %s", round, e)
                        .contains(e.getClass());
            }
        }
    }

    /** The one text that is read and written differently is that of an uncompressed point. */
    private static String compressedOnly(String text) {
        PublicKey key = PublicKey.parse(text);
        return text.length() > key.text().length() ? text : key.text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

package dev.lair.signing;

import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedDigestException;
import java.nio.charset.StandardCharsets;

/**
 * Names a public key: SHA-256 of the UTF-8 of its {@linkplain PublicKey#text() text}, algorithm prefix included (warg
 * protocol, section 1). The reference accepts any text here; a key id that no key can have is refused early instead.
 */
public record KeyId(Digest digest) {

    /** The id of a key with this canonical text. */
    static KeyId ofKeyText(String publicKeyText) {
        return new KeyId(Digest.of(publicKeyText.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Parses {@code sha256:} and 64 lower-case hex digits.
     *
     * @throws MalformedKeyException for any other text
     */
    public static KeyId parse(String text) {
        try {
            return new KeyId(Digest.parse(text));
        } catch (MalformedDigestException e) {
            // The cause quotes the text, which may be a key pasted into the wrong field.
            throw new MalformedKeyException("a key id is `sha256:` and 64 lower-case hex digits");
        }
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return digest.toString();
    }
}

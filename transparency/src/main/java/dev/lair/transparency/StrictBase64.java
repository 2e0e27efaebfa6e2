package dev.lair.transparency;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Padded standard base64 (RFC 4648, section 4) with one text per value, as the reference's decoder has it.
 *
 * <p>The JDK's decoder also takes {@code QQ} (no padding) and {@code QR==} (stray bits), which would give one signature
 * many spellings; so the result is encoded again and compared (warg protocol, section 1).
 */
public final class StrictBase64 {

    private StrictBase64() {}

    /** The canonical text of {@code bytes}. */
    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * The bytes of a canonical text.
     *
     * @throws MalformedBase64Exception for any other text; neither its message nor its cause repeats the text
     */
    public static byte[] decode(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(ascii);
        } catch (IllegalArgumentException e) {
            // The JDK's message quotes a character; the text may be a secret, so the cause is dropped.
            throw new MalformedBase64Exception(
                    "not base64: only A-Z a-z 0-9 + / are allowed, padded with = to a multiple of four characters");
        }
        if (!Arrays.equals(Base64.getEncoder().encode(decoded), ascii)) {
            throw new MalformedBase64Exception(
                    "not canonical base64: the padding is missing or the last character carries stray bits");
        }
        return decoded;
    }
}

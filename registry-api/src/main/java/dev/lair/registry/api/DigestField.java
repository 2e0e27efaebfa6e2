package dev.lair.registry.api;

import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields {@code Content-Digest} and {@code Repr-Digest} (RFC 9530), of which the member for SHA-256 is used:
 * {@code sha-256=:BASE64:}. Members for other algorithms may stand beside it.
 */
public final class DigestField {

    private static final Pattern SHA_256 =
            Pattern.compile("(?:^|,)[ \\t]*sha-256=:([A-Za-z0-9+/=]{44}):[ \\t]*(?=,|$)");

    private DigestField() {}

    /** The field for these bytes. */
    public static String format(Digest digest) {
        return "sha-256=:" + StrictBase64.encode(digest.bytes()) + ":";
    }

    /** The SHA-256 in a field; empty when it has none, or several, or one that is none. */
    public static Optional<Digest> parse(String field) {
        Matcher member = SHA_256.matcher(field);
        if (!member.find()) {
            return Optional.empty();
        }
        String base64 = member.group(1);
        if (member.find()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = StrictBase64.decode(base64);
            return bytes.length == Digest.of().bytes().length ? Optional.of(Digest.ofBytes(bytes)) : Optional.empty();
        } catch (MalformedBase64Exception e) {
            return Optional.empty();
        }
    }
}

package dev.lair.server.problem;

import dev.lair.registry.api.TokenText;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What errors and the log repeat of a request, without credentials: people paste a token where a name belongs, and an error is
 * copied into a chat, a log kept for years. Tokens of ours and signed JWTs are known by their form; a password has none, so no
 * error repeats what could be one.
 */
public final class Masked {

    /** Header and claims of a JWT, both JSON objects in base64url, and a signature if there is one. */
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+(\\.[\\w-]*)*");

    private Masked() {}

    /** The text, with what has the form of a credential masked. */
    public static String text(@Nullable String text) {
        return text == null ? "" : JWT.matcher(TokenText.masked(text)).replaceAll("eyJ***");
    }

    /** A JSON document as it is sent: what takes the place of a secret needs no escape. */
    static byte[] json(byte[] document) {
        return text(new String(document, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}

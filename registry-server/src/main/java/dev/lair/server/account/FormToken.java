package dev.lair.server.account;

import dev.lair.registry.api.TokenText;
import dev.lair.server.settings.PublicUrl;
import dev.lair.transparency.Digest;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * What a form says to show that one of our pages made it. In a session it is the SHA-256 of the session's secret behind a
 * prefix: whoever has it has not the secret, and it ends with the session. Where people log in there is no session yet; there it
 * is made in the same way from a cookie of its own, which lives as long as the browser runs.
 */
@Component
public final class FormToken {

    private static final int LENGTH = 32;
    private static final Pattern SEED = Pattern.compile("[a-z2-7]{" + LENGTH + "}");
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final PublicUrl publicUrl;
    private final RandomIds ids;

    FormToken(PublicUrl publicUrl, RandomIds ids) {
        this.publicUrl = publicUrl;
        this.ids = ids;
    }

    /** Of a session. */
    public static String of(TokenText session) {
        return of(session.secret());
    }

    /** Of a browser without a session, by its {@link #seed}. */
    public static String of(String seed) {
        return Digest.of(bytes("form of "), bytes(seed)).hex();
    }

    /** Whether both are the same. Digests are compared, so that a clock tells nothing of how much of a guess was right. */
    public static boolean matches(String expected, String sent) {
        return Digest.of(bytes(expected)).equals(Digest.of(bytes(sent)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Its name at this public URL. */
    public static String cookieName(PublicUrl publicUrl) {
        return Cookies.name("lair-form", publicUrl);
    }

    /** What the browser has to make form tokens from before it has a session. */
    public Optional<String> seed(HttpServletRequest request) {
        return Cookies.only(request, cookieName(publicUrl))
                .filter(value -> SEED.matcher(value).matches());
    }

    /** A new one, for {@link #cookie}. */
    public String newSeed() {
        return ids.text(BASE32, LENGTH);
    }

    public ResponseCookie cookie(String seed) {
        return Cookies.make(cookieName(publicUrl), seed, publicUrl, "Strict").build();
    }
}
